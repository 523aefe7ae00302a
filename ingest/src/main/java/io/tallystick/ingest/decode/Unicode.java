package io.tallystick.ingest.decode;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Text that can go to UTF-8 and come back the same. */
final class Unicode {

    private Unicode() {}

    /** Whether every surrogate has its partner. */
    static boolean isWellFormed(String text) {
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) {
                continue;
            }
            boolean pair =
                    Character.isHighSurrogate(c) && at < text.length() && Character.isLowSurrogate(text.charAt(at++));
            if (!pair) {
                return false;
            }
        }
        return true;
    }

    /** Strictly UTF-8: nothing is replaced. */
    static String decode(byte[] bytes) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString();
    }
}
