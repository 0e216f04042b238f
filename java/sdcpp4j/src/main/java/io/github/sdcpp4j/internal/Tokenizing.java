package io.github.sdcpp4j.internal;

import io.github.sdcpp4j.GenerationException;
import io.github.sdcpp4j.ProgressListener;
import io.github.sdcpp4j.PromptTokens;
import io.github.sdcpp4j.PromptTokens.Token;
import io.github.sdcpp4j.internal.bindings.sdcpp4j_h;
import io.github.sdcpp4j.internal.bindings.sdcpp4j_tokens;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** Asks a model for a prompt's tokens. */
final class Tokenizing {

    private static final int WITH_START_AND_END = PromptTokens.CHUNK + 2;

    private Tokenizing() {}

    static PromptTokens of(MemorySegment context, String prompt) {
        try (NativeCall call = new NativeCall(ProgressListener.NONE, new CancelToken())) {
            MemorySegment out = call.arena().allocate(sdcpp4j_h.C_POINTER);
            int status = sdcpp4j_h.sdcpp4j_tokenize(call.segment(), context, call.arena().allocateFrom(prompt), out);
            MemorySegment tokens = out.get(sdcpp4j_h.C_POINTER, 0)
                    .reinterpret(sdcpp4j_tokens.sizeof(), call.arena(), sdcpp4j_h::sdcpp4j_free_tokens);
            call.check(status, text -> new GenerationException("the prompt could not be read: " + text));
            return new PromptTokens(chunks(tokens));
        }
    }

    /** Start, end and padding have no text. */
    private static List<List<Token>> chunks(MemorySegment tokens) {
        int count = sdcpp4j_tokens.count(tokens);
        MemorySegment ids = sdcpp4j_tokens.ids(tokens).reinterpret(4L * count);
        MemorySegment weights = sdcpp4j_tokens.weights(tokens).reinterpret(4L * count);
        MemorySegment texts = sdcpp4j_tokens.texts(tokens).reinterpret(sdcpp4j_h.C_POINTER.byteSize() * count);
        List<List<Token>> chunks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            if (i % WITH_START_AND_END == 0) {
                chunks.add(new ArrayList<>());
            }
            MemorySegment text = texts.getAtIndex(sdcpp4j_h.C_POINTER, i);
            if (!text.equals(MemorySegment.NULL)) {
                chunks.getLast().add(new Token(ids.getAtIndex(ValueLayout.JAVA_INT, i), EmbeddingWords.unmarked(text.getString(0)),
                        weights.getAtIndex(ValueLayout.JAVA_FLOAT, i)));
            }
        }
        return chunks;
    }
}
