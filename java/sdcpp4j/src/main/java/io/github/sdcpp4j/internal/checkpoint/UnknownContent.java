package io.github.sdcpp4j.internal.checkpoint;

import io.github.sdcpp4j.CheckpointException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Says what a file is that is no checkpoint. Downloads go wrong in few ways, and each has its own remedy: a page that
 * asks for a log-in, a pointer instead of the file, an archive that was not unpacked.
 */
final class UnknownContent {

    private static final String FORMATS = "safetensors, GGUF, or a .ckpt/.pt file that torch.save wrote";
    private static final Pattern LFS_SIZE = Pattern.compile("(?m)^size (\\d{1,19})$");
    private static final Pattern TITLE = Pattern.compile("(?is)<title[^>]*>\\s*([^<]{1,80}?)\\s*<");
    private static final int TAR_MARK = 257;

    private UnknownContent() {
    }

    static CheckpointException refuse(CheckpointFile file, byte[] head) {
        if (isText(head)) {
            return refuseText(file, head);
        }
        if (isZero(head)) {
            return file.refuse("its first " + head.length + " bytes are all zero, as a download leaves them that was"
                    + " interrupted; download it again");
        }
        String archive = archive(head);
        if (archive != null) {
            return file.refuse("it is " + archive + ", not a model; unpack it and give the path of the file inside");
        }
        String other = other(head);
        if (other != null) {
            return file.refuse("it is " + other);
        }
        if (head.length <= Long.BYTES) {
            return file.refuse("it has only " + file.size() + " bytes, too few for any model; download it again");
        }
        return file.refuse("it is no model file that this library knows (" + FORMATS + "): it begins with the bytes "
                + Texts.firstBytes(head) + "; download it again or convert it to safetensors");
    }

    private static CheckpointException refuseText(CheckpointFile file, byte[] head) {
        String text = new String(head, StandardCharsets.UTF_8);
        String start = text.replace("\uFEFF", "").strip().toLowerCase(Locale.ROOT);
        if (start.startsWith("version https://git-lfs")) {
            Matcher size = LFS_SIZE.matcher(text);
            String real = size.find() ? " that stands for " + size.group(1) + " bytes" : "";
            return file.refuse("it is a Git LFS pointer, a text of " + file.size() + " bytes" + real
                    + ", not the model; download the real file (git lfs pull, or the download link of the site)");
        }
        if (start.startsWith("<")) {
            Matcher title = TITLE.matcher(text);
            String which = title.find() ? " titled " + Texts.quote(title.group(1)) : "";
            return file.refuse("it is a web page (HTML)" + which + ", not a model; the download link has expired or"
                    + " wants a login, so log in or pass an API token and download it again");
        }
        if (start.startsWith("{") || start.startsWith("[")) {
            return file.refuse("it is a JSON text, not a model: " + Texts.plain(text.strip())
                    + "; if this is the answer of a download site, log in or pass an API token and download it again");
        }
        return file.refuse("it is a text file, not a model: " + Texts.quote(text.strip()) + "; expected is "
                + FORMATS + ", download it again");
    }

    /** Whether all bytes are printable or white space; every binary format here has zeros near its start. */
    static boolean isText(byte[] head) {
        for (byte b : head) {
            if (b >= 0 && b < 0x20 && b != '\n' && b != '\r' && b != '\t' && b != '\f' || b == 0x7f) {
                return false;
            }
        }
        // Latin or any other script passes, but bytes that are not UTF-8 all along are no text.
        return new String(head, StandardCharsets.UTF_8).chars().filter(c -> c == '\uFFFD').count() <= 1;
    }

    private static boolean isZero(byte[] head) {
        for (byte b : head) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    private static String archive(byte[] head) {
        if (ContentSniffer.startsWith(head, 0x1f, 0x8b)) {
            return "a gzip archive";
        } else if (ContentSniffer.startsWith(head, '7', 'z', 0xbc, 0xaf)) {
            return "a 7z archive";
        } else if (ContentSniffer.startsWith(head, 'R', 'a', 'r', '!')) {
            return "a RAR archive";
        } else if (ContentSniffer.startsWith(head, 0xfd, '7', 'z', 'X', 'Z')) {
            return "an xz archive";
        } else if (ContentSniffer.startsWith(head, 0x28, 0xb5, 0x2f, 0xfd)) {
            return "a zstd archive";
        }
        boolean tar = head.length >= TAR_MARK + 5
                && new String(head, TAR_MARK, 5, StandardCharsets.ISO_8859_1).equals("ustar");
        return tar ? "a tar archive" : null;
    }

    private static String other(byte[] head) {
        if (ContentSniffer.startsWith(head, 0x80) && head.length > 1 && head[1] >= 2 && head[1] <= 5) {
            return "a Python pickle without the mark of torch.save, which is not read because a pickle may hold"
                    + " code; save the state dict with safetensors or torch.save";
        } else if (ContentSniffer.startsWith(head, 0x89, 'P', 'N', 'G')
                || ContentSniffer.startsWith(head, 0xff, 0xd8, 0xff)) {
            return "a picture, not a model; give the path of the checkpoint";
        } else if (ContentSniffer.startsWith(head, 0x89, 'H', 'D', 'F')) {
            return "an HDF5 file (Keras), which the native runtime cannot read; convert it to safetensors";
        } else if (ContentSniffer.startsWith(head, 'l', 'm', 'g', 'g') || ContentSniffer.startsWith(head, 't', 'j',
                'g', 'g')) {
            return "a model in the old ggml format that came before GGUF; convert the original model to GGUF again";
        }
        return null;
    }
}
