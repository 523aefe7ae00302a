package io.tallystick.schemas.catalog;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads the part of JSONPath (RFC 9535) that names exactly one place, and says of the rest why it is not taken. */
final class DataPathParser {

    static final int LENGTH_MAX = 512;
    static final int STEPS_MAX = 32;

    /** Nine digits always fit an int. */
    private static final int INDEX_DIGITS_MAX = 9;

    private static final String TAKEN = "; taken are members and indices that name one place: $.a.b, $['a b'], $.a[0]";

    private final String text;
    private final List<DataPath.Step> steps = new ArrayList<>();
    private int at;

    private DataPathParser(String text) {
        this.text = text;
    }

    /** Throws IllegalArgumentException with a message for whoever wrote the path. */
    static List<DataPath.Step> steps(String text) {
        if (text.length() > LENGTH_MAX) {
            throw new IllegalArgumentException("a path is at most " + LENGTH_MAX + " characters");
        }
        if (!text.startsWith("$")) {
            throw new IllegalArgumentException("a path begins with $, as in $.a.b");
        }
        DataPathParser parser = new DataPathParser(text);
        parser.at = 1;
        while (parser.at < text.length()) {
            parser.step();
        }
        return parser.steps;
    }

    private void step() {
        if (steps.size() == STEPS_MAX) {
            throw new IllegalArgumentException("a path is at most " + STEPS_MAX + " steps deep");
        }
        char c = text.charAt(at++);
        if (c == '.') {
            steps.add(new DataPath.Member(dotName()));
        } else if (c == '[') {
            skipBlanks();
            steps.add(bracketed());
            skipBlanks();
            close();
        } else {
            throw refused("unexpected '" + c + "' at character " + at);
        }
    }

    private String dotName() {
        char first = peek();
        if (first == '.') {
            throw refused("descendants (..) could name several places");
        }
        if (first == '*') {
            throw refused("a wildcard (*) could name several places");
        }
        if (isDigit(first) || first == '-') {
            throw refused("a name after a dot does not begin with '" + first
                    + "': write ['…'] for a member, [0] for an index");
        }
        int from = at;
        while (at < text.length() && isNameCharacter(text.charAt(at))) {
            at++;
        }
        if (at == from) {
            throw refused("a name is missing after the dot at character " + from);
        }
        return text.substring(from, at);
    }

    private DataPath.Step bracketed() {
        char c = peek();
        switch (c) {
            case '\'', '"' -> {
                return new DataPath.Member(quotedName(c));
            }
            case '*' -> throw refused("a wildcard (*) could name several places");
            case '?' -> throw refused("a filter (?) could name several places");
            case ':' -> throw refused("a slice (:) could name several places");
            case '-' -> throw refused("a negative index counts from an end that moves");
            default -> {
                return new DataPath.Index(index());
            }
        }
    }

    private int index() {
        int from = at;
        while (isDigit(peek())) {
            at++;
        }
        String digits = text.substring(from, at);
        if (digits.isEmpty()) {
            throw refused("a quoted name or an index is missing after the bracket at character " + from);
        }
        if (digits.length() > INDEX_DIGITS_MAX || (digits.length() > 1 && digits.startsWith("0"))) {
            throw refused(digits + " is no index");
        }
        return Integer.parseInt(digits);
    }

    private void close() {
        char c = peek();
        at++;
        if (c == ',') {
            throw refused("several names or indices (,) name several places");
        }
        if (c == ':') {
            throw refused("a slice (:) could name several places");
        }
        if (c != ']') {
            throw refused("a ] is missing at character " + at);
        }
    }

    private String quotedName(char quote) {
        StringBuilder name = new StringBuilder();
        at++;
        while (peek() != quote) {
            if (at >= text.length()) {
                throw refused("the quote is not closed");
            }
            char c = text.charAt(at++);
            name.append(c == '\\' ? escaped(quote) : c);
        }
        at++;
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(name)) {
            throw refused("half a surrogate pair is no text");
        }
        return name.toString();
    }

    private char escaped(char quote) {
        char c = peek();
        at++;
        return switch (c) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case '/', '\\' -> c;
            case 'u' -> unicode();
            default -> {
                if (c != quote) {
                    throw refused("unknown escape \\" + c);
                }
                yield c;
            }
        };
    }

    private char unicode() {
        String digits = text.substring(Math.min(at, text.length()), Math.min(at + 4, text.length()));
        if (!digits.matches("[0-9a-fA-F]{4}")) {
            throw refused("\\u takes four hexadecimal digits");
        }
        at += 4;
        return (char) Integer.parseInt(digits, 16);
    }

    private void skipBlanks() {
        while (peek() == ' ') {
            at++;
        }
    }

    /** The character to read next; NUL, which no path has outside quotes, at the end. */
    private char peek() {
        return at < text.length() ? text.charAt(at) : '\0';
    }

    private IllegalArgumentException refused(String why) {
        return new IllegalArgumentException(why + TAKEN);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** Wider than RFC 9535 by the hyphen, which real data has and the path cannot mean otherwise. */
    static boolean isNameCharacter(char c) {
        boolean isLetter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        return isLetter || isDigit(c) || c == '_' || c == '-' || c >= '\u0080';
    }
}
