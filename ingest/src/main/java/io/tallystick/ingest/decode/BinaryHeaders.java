package io.tallystick.ingest.decode;

import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The headers of one message as far as CloudEvents gives them a meaning; names in any case. */
final class BinaryHeaders {

    private static final String PREFIX = "ce_";
    private static final byte[][] STRUCTURED = Stream.of("", "; charset=UTF-8", "; charset=utf-8")
            .map(parameter -> ("application/cloudevents+json" + parameter).getBytes(StandardCharsets.US_ASCII))
            .toArray(byte[][]::new);
    private static final BinaryHeaders EMPTY = new BinaryHeaders();

    /** Name and value in turn: attributes that are read, without their prefix. */
    private final List<Object> attributes = new ArrayList<>(0);

    private byte @Nullable [] contentType;
    private boolean binary;

    private BinaryHeaders() {}

    static BinaryHeaders of(EventHeaders headers) {
        if (headers == EventHeaders.NONE) {
            return EMPTY;
        }
        BinaryHeaders found = new BinaryHeaders();
        headers.forEach(found::take);
        return found;
    }

    private void take(String name, byte @Nullable [] value) {
        if (name.equalsIgnoreCase("content-type")) {
            contentType = value;
            return;
        }
        if (value == null || !name.regionMatches(true, 0, PREFIX, 0, PREFIX.length())) {
            return;
        }
        String attribute = name.substring(PREFIX.length()).toLowerCase(Locale.ROOT);
        if (Attributes.of(attribute) == Attributes.UNREAD) {
            return;
        }
        attributes.add(attribute);
        attributes.add(value);
        binary |= switch (attribute) {
            case "specversion", "id", "source", "type" -> true;
            default -> false;
        };
    }

    /** Whether the content type is how nearly every producer writes that of a structured event. */
    boolean isPlainlyStructured() {
        if (contentType == null) {
            return false;
        }
        for (byte[] known : STRUCTURED) {
            if (Arrays.equals(known, contentType)) {
                return true;
            }
        }
        return false;
    }

    /** Whether one of the required attributes is a header. */
    boolean isBinary() {
        return binary;
    }

    @Nullable
    String contentType() throws MalformedEvent {
        return contentType == null ? null : text("content-type", contentType);
    }

    Attributes toAttributes() throws MalformedEvent {
        Attributes taken = new Attributes();
        for (int at = 0; at < attributes.size(); at += 2) {
            String name = (String) attributes.get(at);
            taken.put(Attributes.of(name), text(name, (byte[]) attributes.get(at + 1)));
        }
        return taken;
    }

    private static String text(String name, byte[] value) throws MalformedEvent {
        try {
            return Unicode.decode(value);
        } catch (CharacterCodingException e) {
            throw new MalformedEvent("header " + name + " is not UTF-8");
        }
    }
}
