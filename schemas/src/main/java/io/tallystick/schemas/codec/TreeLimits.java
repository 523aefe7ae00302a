package io.tallystick.schemas.codec;

import java.nio.charset.StandardCharsets;

/** Counts what a document unfolds into, so that a short text cannot become a huge tree. */
final class TreeLimits {

    static final int DEPTH_MAX = 32;
    static final int NODES_MAX = 2_000_000;

    private int nodes;
    private int deepest;

    int nodes() {
        return nodes;
    }

    /** The depth of the deepest value since {@link #measureFrom}. */
    int deepest() {
        return deepest;
    }

    void measureFrom(int depth) {
        deepest = depth;
    }

    /** Takes {@code count} values more, of which the deepest is at {@code depth}, or throws with the place. */
    void take(int count, int depth, int line, int column) {
        if (depth > DEPTH_MAX) {
            throw new DocumentSyntaxException(line, column, "nested deeper than " + DEPTH_MAX + " levels");
        }
        if (count > NODES_MAX - nodes) {
            throw new DocumentSyntaxException(
                    line, column, "the document unfolds into more than " + NODES_MAX + " values");
        }
        nodes += count;
        deepest = Math.max(deepest, depth);
    }

    /** Text that has a UTF-8 form, which half a surrogate pair has not. */
    static String text(String text, int line, int column) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw new DocumentSyntaxException(line, column, "half a surrogate pair is no text");
        }
        return text;
    }
}
