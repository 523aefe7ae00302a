package io.tallystick.ingest.decode;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A structured event as nearly all are written, read from its bytes without a general parser: JSON of ASCII without escapes, attributes
 * that are text, and the type in front of the data. What is written otherwise, or is no JSON, is left to a JSON parser, which reads it
 * from its first byte on. What is read here both read alike: {@code PlainEventTest} holds them side by side.
 *
 * <p>An object is good for one event.
 */
final class PlainEvent {

    /** What is deeper, in data or an extension, is the parser's: this recurses. */
    private static final int DEPTH_MAX = 16;

    private final byte[] json;
    private final EventTypes types;
    private final KnownTexts texts;
    private final Attributes attributes = new Attributes();
    private @Nullable DataPaths paths;
    private DataValues data = DataValues.NONE;
    private boolean hasData;
    /** How many names were read that matter: the place of the next among those, by which it is expected. */
    private int names;
    /** The next byte to read. */
    private int at;

    private PlainEvent(byte[] json, EventTypes types, KnownTexts texts) {
        this.json = json;
        this.types = types;
        this.texts = texts;
    }

    /**
     * The event; null when it is not plainly written.
     *
     * @throws MalformedEvent when it is, and lacks what makes it an event
     */
    static @Nullable DecodedEvent read(byte[] json, EventTypes types, KnownTexts texts) throws MalformedEvent {
        if (json.length > JsonReader.TEXT_LENGTH_MAX) {
            return null; // the parser has limits for what it may hold
        }
        return new PlainEvent(json, types, texts).read();
    }

    private @Nullable DecodedEvent read() throws MalformedEvent {
        if (next() != '{') {
            return null;
        }
        int separator;
        do {
            String name = name();
            if (name == null || !member(name)) {
                return null;
            }
            separator = next();
        } while (separator == ',');
        if (separator != '}' || next() != END) {
            return null;
        }
        if (paths != null && !hasData) {
            data = DataValues.missing(paths.size());
        }
        return attributes.toEvent(data);
    }

    private boolean member(String name) {
        if (name.equals("data")) {
            return data();
        }
        int attribute = Attributes.of(name);
        if (attribute != Attributes.UNREAD) {
            return attribute(attribute);
        }
        return !name.equals("data_base64") && value(null, 0);
    }

    private boolean attribute(int attribute) {
        if (attributes.has(attribute) || next() != '"') {
            return false;
        }
        int from = at;
        if (!text()) {
            return false;
        }
        boolean isOfOneEvent =
                attribute == Attributes.ID || attribute == Attributes.TIME || attribute == Attributes.IDEMPOTENCY_KEY;
        String text = isOfOneEvent ? made(from, at - 1) : texts.of(json, from, at - 1);
        attributes.putPlain(attribute, text);
        if (attribute == Attributes.TYPE) {
            paths = types.pathsOf(text);
        }
        return true;
    }

    private boolean data() {
        if (hasData || !attributes.has(Attributes.TYPE)) {
            return false;
        }
        hasData = true;
        if (paths == null) {
            return value(null, 0);
        }
        data = DataValues.missing(paths.size());
        return value(paths.root(), 0);
    }

    /** Reads a value; of what stands at {@code node} and below it keeps what is asked for. */
    private boolean value(DataPaths.@Nullable Node node, int depth) {
        int first = next();
        int from = at - 1;
        return switch (first) {
            case '"' -> text() && keep(node, DataValues.Kind.TEXT, from + 1, at - 1);
            case '{' -> depth < DEPTH_MAX && keep(node, DataValues.Kind.STRUCTURE, 0, 0) && members(node, depth);
            case '[' -> depth < DEPTH_MAX && keep(node, DataValues.Kind.STRUCTURE, 0, 0) && elements(node, depth);
            case 't' -> word("true") && keep(node, DataValues.Kind.BOOLEAN, from, at);
            case 'f' -> word("false") && keep(node, DataValues.Kind.BOOLEAN, from, at);
            case 'n' -> word("null") && keep(node, DataValues.Kind.NULL, 0, 0);
            default -> number(first) && keep(node, DataValues.Kind.NUMBER, from, at);
        };
    }

    /** Keeps a value that is asked for; always true. */
    private boolean keep(DataPaths.@Nullable Node node, DataValues.Kind kind, int from, int to) {
        if (node != null && node.slot >= 0) {
            data.put(node.slot, kind, made(from, to));
        }
        return true;
    }

    private boolean members(DataPaths.@Nullable Node node, int depth) {
        if (peek() == '}') {
            at++;
            return true;
        }
        DataPaths.Node asked = node == null || node.members.isEmpty() ? null : node;
        int separator;
        do {
            DataPaths.Node member = null;
            if (asked != null) {
                String name = name();
                if (name == null) {
                    return false;
                }
                member = asked.member(name);
                if (member != null) {
                    data.clear(member.below); // of several the last one counts
                }
            } else if (next() != '"' || !text() || next() != ':') {
                return false;
            }
            if (!value(member, depth + 1)) {
                return false;
            }
            separator = next();
        } while (separator == ',');
        return separator == '}';
    }

    private boolean elements(DataPaths.@Nullable Node node, int depth) {
        if (peek() == ']') {
            at++;
            return true;
        }
        int separator;
        int index = 0;
        do {
            if (!value(node == null ? null : node.element(index++), depth + 1)) {
                return false;
            }
            separator = next();
        } while (separator == ',');
        return separator == ']';
    }

    /** A member's name and the colon behind it; null where there is none. */
    private @Nullable String name() {
        if (next() != '"') {
            return null;
        }
        int from = at;
        int place = names++;
        String name = texts.expected(place, json, from);
        if (name != null) {
            at += name.length() + 1; // and the quote
        } else if (text()) {
            name = texts.name(place, json, from, at - 1);
        } else {
            return null;
        }
        return next() == ':' ? name : null;
    }

    /** Reads up to behind the quote that ends a text; false where something in front of it is not plain. */
    private boolean text() {
        int end = PlainText.end(json, at);
        at = end + 1;
        return end < json.length && json[end] == '"';
    }

    /** The rest of a number by RFC 8259, section 6. */
    private boolean number(int first) {
        int digit = first;
        if (digit == '-') {
            digit = one();
        }
        if (!isDigit(digit) || (digit != '0' && !digits()) || (digit == '0' && isDigit(here()))) {
            return false;
        }
        if (here() == '.') {
            at++;
            if (!isDigit(one()) || !digits()) {
                return false;
            }
        }
        if ((here() | 0x20) == 'e') {
            at++;
            int sign = one();
            return (isDigit(sign) || ((sign == '+' || sign == '-') && isDigit(one()))) && digits();
        }
        return true;
    }

    /** Passes any further digits; always true. */
    private boolean digits() {
        while (isDigit(here())) {
            at++;
        }
        return true;
    }

    private boolean word(String word) {
        at--;
        for (int index = 0; index < word.length(); index++) {
            if (one() != word.charAt(index)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isDigit(int character) {
        return character >= '0' && character <= '9';
    }

    // ---- bytes

    /** What no byte is. */
    private static final int END = Integer.MIN_VALUE;

    /** The next byte that is no white space, which stays to be read. */
    private int peek() {
        int next = next();
        at--;
        return next;
    }

    /** Takes the next byte that is no white space; {@link #END} behind the last. */
    private int next() {
        int next = one();
        while (next == ' ' || next == '\n' || next == '\r' || next == '\t') {
            next = one();
        }
        return next;
    }

    /** Takes the next byte. */
    private int one() {
        int here = here();
        at++;
        return here;
    }

    private int here() {
        return at < json.length ? json[at] : END;
    }

    private String made(int from, int to) {
        return new String(json, from, to - from, StandardCharsets.ISO_8859_1);
    }
}
