package io.github.sdcpp4j.spark;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/** What tells a row from others, wherever and whenever it is worked on: its id, or else all that it says of the picture. */
final class RowKey {

    private static final int SHOWN = 32;

    private RowKey() {}

    /** The id as text, or the first half of the content's SHA-256 in hexadecimal digits. */
    static String of(RowValues values) {
        return id(values).orElseGet(() -> hex(content(values)));
    }

    static Optional<String> id(RowValues values) {
        return values.text(RequestColumn.ID);
    }

    /** The seed of a row that names none: the first 32 bits of a SHA-256, as many as web UIs draw at random. */
    static long seed(RowValues values) {
        byte[] digest = id(values).map(RowKey::digest).orElseGet(() -> content(values));
        return Integer.toUnsignedLong(ByteBuffer.wrap(digest).getInt());
    }

    /** The digest of a text, in hexadecimal digits. */
    static String hex(String text) {
        return hex(digest(text));
    }

    private static String hex(byte[] digest) {
        return HexFormat.of().formatHex(digest).substring(0, SHOWN);
    }

    private static byte[] digest(String text) {
        return sha256().digest(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Each value with its column and length, so that no two requests run together into one. */
    private static byte[] content(RowValues values) {
        MessageDigest sha256 = sha256();
        for (RequestColumn column : RequestColumn.values()) {
            Object value = column == RequestColumn.ID ? null : values.values().get(column);
            if (value != null) {
                byte[] bytes = value instanceof byte[] picture ? picture : canonical(column, value.toString()).getBytes(StandardCharsets.UTF_8);
                sha256.update(column.title().getBytes(StandardCharsets.UTF_8));
                sha256.update(ByteBuffer.allocate(Integer.BYTES + 1).put((byte) 0).putInt(bytes.length).array());
                sha256.update(bytes);
            }
        }
        return sha256.digest();
    }

    /** One number has one text, be it 7, 7.0 or "7": the same file read by another reader gives the same seeds. */
    private static String canonical(RequestColumn column, String text) {
        if (column.kind() != RequestColumn.Kind.NUMBER) {
            return text;
        }
        try {
            return new BigDecimal(text.strip()).stripTrailingZeros().toString();
        } catch (NumberFormatException e) {
            return text; // the row will say so
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
