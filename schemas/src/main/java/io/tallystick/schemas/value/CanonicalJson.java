package io.tallystick.schemas.value;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The one JSON text of a tree of values: what digests and content hashes are taken over, always as UTF-8.
 *
 * <p>No blanks; members sorted by the UTF-16 code units of their names and strings escaped as little as possible, both as in RFC 8785. Unlike there
 * a number is never a floating-point one: integers are plain digits, and a decimal comes as a string.
 */
public final class CanonicalJson {

    private static final String HEX_DIGITS = "0123456789abcdef";

    private CanonicalJson() {}

    /**
     * Writes a tree of maps with text keys, lists, strings, booleans, integers (Integer, Long) and nulls. Anything else, and text with half a
     * surrogate pair (which has no UTF-8), is an IllegalArgumentException.
     */
    public static String write(@Nullable Object tree) {
        StringBuilder json = new StringBuilder(256);
        writeValue(tree, json);
        return json.toString();
    }

    private static void writeValue(@Nullable Object value, StringBuilder json) {
        if (value == null || value instanceof Boolean || value instanceof Integer || value instanceof Long) {
            json.append(value);
        } else if (value instanceof String text) {
            writeText(text, json);
        } else if (value instanceof Map<?, ?> map) {
            writeMap(map, json);
        } else if (value instanceof List<?> list) {
            writeList(list, json);
        } else {
            throw new IllegalArgumentException(
                    "no canonical form for a " + value.getClass().getName());
        }
    }

    private static void writeMap(Map<?, ?> map, StringBuilder json) {
        List<String> names = new ArrayList<>(map.size());
        for (Object key : map.keySet()) {
            if (!(key instanceof String name)) {
                throw new IllegalArgumentException("a member's name is text, not " + key);
            }
            names.add(name);
        }
        names.sort(null); // String orders by UTF-16 code units, whatever the locale
        char before = '{';
        for (String name : names) {
            json.append(before);
            writeText(name, json);
            json.append(':');
            writeValue(map.get(name), json);
            before = ',';
        }
        json.append(names.isEmpty() ? "{}" : "}");
    }

    private static void writeList(List<?> list, StringBuilder json) {
        json.append('[');
        for (int i = 0; i < list.size(); i++) {
            if (i > 0) {
                json.append(',');
            }
            writeValue(list.get(i), json);
        }
        json.append(']');
    }

    /** Writes one string as {@link #write} would. */
    public static void writeText(String text, StringBuilder json) {
        json.append('"');
        int length = text.length();
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ') {
                writeControl(c, json);
            } else if (Character.isSurrogate(c)) {
                if (!Character.isHighSurrogate(c) || i + 1 == length || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    throw new IllegalArgumentException("half a surrogate pair at character " + i);
                }
                json.append(c).append(text.charAt(++i));
            } else {
                json.append(c);
            }
        }
        json.append('"');
    }

    private static void writeControl(char c, StringBuilder json) {
        switch (c) {
            case '\b' -> json.append("\\b");
            case '\t' -> json.append("\\t");
            case '\n' -> json.append("\\n");
            case '\f' -> json.append("\\f");
            case '\r' -> json.append("\\r");
            default -> json.append("\\u00").append(HEX_DIGITS.charAt(c >> 4)).append(HEX_DIGITS.charAt(c & 0xF));
        }
    }
}
