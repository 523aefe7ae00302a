package io.tallystick.ingest.decode;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Looks at bytes of text eight at a time. */
final class PlainText {

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;
    private static final long MIX = 0x9E3779B97F4A7C15L; // 2^64 by the golden ratio (Fibonacci hashing)

    private PlainText() {}

    /**
     * The place of the first byte from {@code from} on that is no printable ASCII, or a quote, or a backslash; the length where there is
     * none.
     */
    static int end(byte[] bytes, int from) {
        int at = from;
        for (; at <= bytes.length - Long.BYTES; at += Long.BYTES) {
            long eight = (long) LONG.get(bytes, at);
            long ends = ((eight - ONES * 0x20) & ~eight) // below a blank
                    | eight // not ASCII
                    | zeroes(eight ^ ONES * '"')
                    | zeroes(eight ^ ONES * '\\')
                    | zeroes(eight ^ ONES * 0x7f);
            ends &= HIGH_BITS;
            if (ends != 0) {
                // A borrow may mark a byte above one that is rightly marked, never one below the lowest.
                return at + Long.numberOfTrailingZeros(ends) / Byte.SIZE;
            }
        }
        while (at < bytes.length && isPlain(bytes[at])) {
            at++;
        }
        return at;
    }

    /** The high bit of each byte that is zero, and maybe of some above the lowest of them. */
    private static long zeroes(long eight) {
        return (eight - ONES) & ~eight;
    }

    private static boolean isPlain(byte character) {
        return character >= ' ' && character != '"' && character != '\\' && character != 0x7f;
    }

    /** Of the bytes in a range; its high bits are mixed best. */
    static long hash(byte[] bytes, int from, int to) {
        int length = to - from;
        long hash = length;
        if (length < Long.BYTES) {
            for (int at = from; at < to; at++) {
                hash = hash << Byte.SIZE ^ bytes[at];
            }
            return hash * MIX;
        }
        int at = from;
        for (; at < to - Long.BYTES; at += Long.BYTES) {
            hash = (Long.rotateLeft(hash, 29) ^ (long) LONG.get(bytes, at)) * MIX;
        }
        return (Long.rotateLeft(hash, 29) ^ (long) LONG.get(bytes, to - Long.BYTES)) * MIX;
    }

    /** Whether a range holds just these bytes. */
    static boolean equal(byte[] known, byte[] bytes, int from, int to) {
        int length = to - from;
        if (known.length != length) {
            return false;
        }
        if (length < Long.BYTES) {
            for (int at = 0; at < length; at++) {
                if (known[at] != bytes[from + at]) {
                    return false;
                }
            }
            return true;
        }
        for (int at = 0; at < length - Long.BYTES; at += Long.BYTES) {
            if ((long) LONG.get(known, at) != (long) LONG.get(bytes, from + at)) {
                return false;
            }
        }
        return (long) LONG.get(known, length - Long.BYTES) == (long) LONG.get(bytes, to - Long.BYTES);
    }
}
