package io.tallystick.schemas.codec;

/** A text that is no document of its format, with the place where that shows; it does not leave this package. */
final class DocumentSyntaxException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int line;
    private final int column;

    DocumentSyntaxException(int line, int column, String message) {
        super(message, null, false, false);
        this.line = line;
        this.column = column;
    }

    String place() {
        return "line " + line + ", column " + column;
    }

    /** Whether reading came further than where {@code other} shows. */
    boolean isBehind(DocumentSyntaxException other) {
        return line != other.line ? line > other.line : column > other.column;
    }
}
