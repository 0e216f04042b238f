package io.github.sdcpp4j;

/**
 * The parent of everything this library throws on purpose.
 *
 * <p>The message says what was wrong, with the value, and what to do about it. All subtypes are unchecked:
 *
 * <ul>
 *   <li>{@link InvalidRequestException}: a value in a request or option is out of range; nothing native was called.
 *   <li>{@link CheckpointException}: a model file is missing, damaged, of an unknown kind, or does not fit its slot.
 *   <li>{@link GenerationException}: the native runtime failed while it worked on a valid request.
 *   <li>{@link CancelledException}: the call was stopped: by an interrupt, by its future, or by its deadline.
 *   <li>{@link InsufficientMemoryException}: the request needs more memory than there is.
 *   <li>{@link PictureCheckException}: the application's check of the pictures failed.
 *   <li>{@link QueueFullException}: too many submitted requests wait.
 *   <li>{@link WorkerException}: the process that ran the model ended.
 *   <li>{@link NativeLibraryException}: the native library is missing or is not the one this version was built for.
 * </ul>
 *
 * Use of a closed object throws {@link IllegalStateException}, as elsewhere in Java.
 */
public abstract class StableDiffusionException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    StableDiffusionException(String message) {
        super(message);
    }

    StableDiffusionException(String message, Throwable cause) {
        super(message, cause);
    }
}
