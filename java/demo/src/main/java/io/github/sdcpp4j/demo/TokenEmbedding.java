package io.github.sdcpp4j.demo;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;

/**
 * The text encoder's table of tokens, which follows from the tokens' numbers: {@code training/text_encoder.py} says what it is
 * good for. The first 192 of a token's 768 channels are signs, the bits of three words out of SplitMix64; the others are zero.
 */
final class TokenEmbedding {

    private static final int TOKENS = 49408;
    private static final int START = 49406;
    private static final int CHANNELS = 768;
    private static final int WORDS = 3;
    private static final short PLUS = Float.floatToFloat16(0.5f);
    private static final short MINUS = Float.floatToFloat16(-0.5f);

    private TokenEmbedding() {}

    /** Writes {@code float16[49408][768]}; the start's and the end's rows are zero. */
    static void writeTo(WritableByteChannel out) throws IOException {
        ByteBuffer row = ByteBuffer.allocate(2 * CHANNELS).order(ByteOrder.LITTLE_ENDIAN);
        for (int token = 0; token < TOKENS; token++) {
            row.clear();
            for (int word = 0; word < WORDS; word++) {
                long bits = splitMix64(3L * token + word);
                for (int bit = 0; bit < Long.SIZE; bit++) {
                    row.putShort(2 * (Long.SIZE * word + bit), token >= START ? 0 : (bits >>> bit & 1) == 1 ? PLUS : MINUS);
                }
            }
            out.write(row);
        }
    }

    /** The first number of the generator that starts with {@code state} (Steele, Lea and Flood 2014). */
    static long splitMix64(long state) {
        long z = state + 0x9E3779B97F4A7C15L;
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }
}
