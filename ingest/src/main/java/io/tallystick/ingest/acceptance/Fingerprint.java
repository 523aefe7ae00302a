package io.tallystick.ingest.acceptance;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * SHA-256 over a list of parts, cut to its first bytes. Each text goes in behind its length, so that no two lists of parts
 * give the same bytes. Holds buffers: one thread at a time.
 */
final class Fingerprint {

    private final MessageDigest digest;
    private final byte[] result = new byte[32];
    private byte[] input = new byte[512];
    private int length;

    Fingerprint() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    Fingerprint start(char kind) {
        length = 0;
        input[length++] = (byte) kind;
        return this;
    }

    Fingerprint mark(char mark) {
        ensure(1);
        input[length++] = (byte) mark;
        return this;
    }

    /** What {@link #toPart} gave of the same calls. */
    Fingerprint part(byte[] part) {
        ensure(part.length);
        System.arraycopy(part, 0, input, length, part.length);
        length += part.length;
        return this;
    }

    /** What went in behind the start, to go in again as one. */
    byte[] toPart() {
        return Arrays.copyOfRange(input, 1, length);
    }

    /** Its length in UTF-8 bytes, then those. */
    Fingerprint text(String text) {
        ensure(4 + 3 * text.length());
        int start = length + 4;
        int at = start;
        for (int index = 0; index < text.length(); index++) {
            char c = text.charAt(index);
            if (c < 0x80) {
                input[at++] = (byte) c;
            } else if (c < 0x800) {
                input[at++] = (byte) (0xc0 | (c >> 6));
                input[at++] = (byte) (0x80 | (c & 0x3f));
            } else {
                // A surrogate pair becomes six bytes here rather than four: as unambiguous, and nobody reads it back.
                input[at++] = (byte) (0xe0 | (c >> 12));
                input[at++] = (byte) (0x80 | ((c >> 6) & 0x3f));
                input[at++] = (byte) (0x80 | (c & 0x3f));
            }
        }
        int bytes = at - start;
        input[length] = (byte) (bytes >>> 24);
        input[length + 1] = (byte) (bytes >>> 16);
        input[length + 2] = (byte) (bytes >>> 8);
        input[length + 3] = (byte) bytes;
        length = at;
        return this;
    }

    /** Closes the list of parts; {@link #first} and {@link #second} then give the first 128 bits. */
    Fingerprint finish() {
        try {
            digest.update(input, 0, length);
            digest.digest(result, 0, result.length);
            return this;
        } catch (DigestException e) {
            throw new IllegalStateException("SHA-256 has 32 bytes", e);
        }
    }

    long first() {
        return longAt(0);
    }

    long second() {
        return longAt(8);
    }

    private long longAt(int from) {
        long value = 0;
        for (int at = from; at < from + 8; at++) {
            value = value << 8 | (result[at] & 0xff);
        }
        return value;
    }

    private void ensure(int more) {
        if (input.length - length < more) {
            input = Arrays.copyOf(input, Math.max(input.length * 2, length + more));
        }
    }
}
