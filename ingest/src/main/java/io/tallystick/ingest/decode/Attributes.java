package io.tallystick.ingest.decode;

import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Collects the envelope attributes that Tallystick reads, from either content mode. Extension attributes it does not know pass unread. */
final class Attributes {

    /** Longest tenant, in UTF-16 units: it is the key of everything. */
    static final int SUBJECT_LENGTH_MAX = 1024;

    /** The attributes that are read, as numbers: a name is looked at once. */
    static final int SPEC_VERSION = 0;

    static final int ID = 1;
    static final int SOURCE = 2;
    static final int TYPE = 3;
    static final int SUBJECT = 4;
    static final int TIME = 5;
    static final int IDEMPOTENCY_KEY = 6;
    static final int CONTENT_TYPE = 7;
    /** Every other attribute. */
    static final int UNREAD = -1;

    private static final List<String> NAMES =
            List.of("specversion", "id", "source", "type", "subject", "time", "idempotencykey", "datacontenttype");

    private final @Nullable String[] values = new String[NAMES.size()];

    /** The number of the attribute {@code name}. */
    static int of(String name) {
        return switch (name) {
            case "specversion" -> SPEC_VERSION;
            case "id" -> ID;
            case "source" -> SOURCE;
            case "type" -> TYPE;
            case "subject" -> SUBJECT;
            case "time" -> TIME;
            case "idempotencykey" -> IDEMPOTENCY_KEY;
            case "datacontenttype" -> CONTENT_TYPE;
            default -> UNREAD;
        };
    }

    static String name(int attribute) {
        return NAMES.get(attribute);
    }

    /** Takes one attribute that is read; one that stands there twice has no one meaning and makes the message no CloudEvent. */
    void put(int attribute, String value) throws MalformedEvent {
        if (has(attribute)) {
            throw new MalformedEvent("attribute " + name(attribute) + " is given twice");
        }
        requireAllowed(attribute, value);
        values[attribute] = value;
    }

    /** Takes an attribute that is not there yet, with a value of printable ASCII. */
    void putPlain(int attribute, String value) {
        values[attribute] = value;
    }

    boolean has(int attribute) {
        return values[attribute] != null;
    }

    @Nullable
    String type() {
        return values[TYPE];
    }

    @Nullable
    String contentType() {
        return values[CONTENT_TYPE];
    }

    /** The event, if everything is there without which it is none. */
    DecodedEvent toEvent(DataValues data) throws MalformedEvent {
        String specVersion = values[SPEC_VERSION];
        if (specVersion == null) {
            throw new MalformedEvent("specversion is missing");
        }
        if (!specVersion.equals("1.0")) {
            throw new MalformedEvent("specversion is not 1.0");
        }
        String source = values[SOURCE];
        if (source == null || source.isEmpty()) {
            throw new MalformedEvent("source is missing");
        }
        String type = values[TYPE];
        if (type == null || type.isEmpty()) {
            throw new MalformedEvent("type is missing");
        }
        String subject = values[SUBJECT];
        if (subject != null && subject.length() > SUBJECT_LENGTH_MAX) {
            throw new MalformedEvent("subject is longer than " + SUBJECT_LENGTH_MAX + " characters");
        }
        String time = values[TIME];
        return new DecodedEvent(
                null,
                emptyToNull(values[ID]),
                source,
                type,
                emptyToNull(subject),
                time,
                time == null ? OptionalLong.empty() : EventTime.parse(time),
                emptyToNull(values[IDEMPOTENCY_KEY]),
                data);
    }

    private static @Nullable String emptyToNull(@Nullable String text) {
        return text == null || text.isEmpty() ? null : text;
    }

    /** CloudEvents strings have neither control characters nor half surrogates; two tenants could look alike with them. */
    private static void requireAllowed(int attribute, String text) throws MalformedEvent {
        boolean plain = true;
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c < 0x20 || (c >= 0x7f && c <= 0x9f)) {
                throw new MalformedEvent("attribute " + name(attribute) + " has a control character");
            }
            plain &= c < Character.MIN_SURROGATE;
        }
        if (!plain && !Unicode.isWellFormed(text)) {
            throw new MalformedEvent("attribute " + name(attribute) + " has half a surrogate pair");
        }
    }
}
