package io.tallystick.aggregator.stream;

import java.nio.ByteBuffer;

/** Numbers that are mostly small, seven bits a byte, low bits first. */
final class Varint {

    static final int LENGTH_MAX = 5;

    private Varint() {}

    static void put(int value, ByteBuffer buffer) {
        int rest = value;
        while ((rest & ~0x7F) != 0) {
            buffer.put((byte) ((rest & 0x7F) | 0x80));
            rest >>>= 7;
        }
        buffer.put((byte) rest);
    }

    static int get(ByteBuffer buffer) {
        int value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = buffer.get();
            value |= (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }
}
