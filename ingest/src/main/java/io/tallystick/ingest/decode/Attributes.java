package io.tallystick.ingest.decode;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Collects the envelope attributes that Tallystick reads, from either content mode. Extension attributes it does not know pass unread. */
final class Attributes {

    /** Longest tenant, in UTF-16 units: it is the key of everything. */
    static final int SUBJECT_LENGTH_MAX = 1024;

    private static final String CONTENT_TYPE = "datacontenttype";

    private @Nullable String specVersion;
    private @Nullable String id;
    private @Nullable String source;
    private @Nullable String type;
    private @Nullable String subject;
    private @Nullable String time;
    private @Nullable String idempotencyKey;
    private @Nullable String contentType;

    /** Whether {@code name} is an attribute that is read. */
    static boolean isRead(String name) {
        return switch (name) {
            case "specversion", "id", "source", "type", "subject", "time", "idempotencykey", CONTENT_TYPE -> true;
            default -> false;
        };
    }

    /** Takes one attribute; an attribute that stands there twice has no one meaning and makes the message no CloudEvent. */
    void put(String name, String value) throws MalformedEvent {
        @Nullable String before = get(name);
        if (before != null) {
            throw new MalformedEvent("attribute " + name + " is given twice");
        }
        requireAllowed(name, value);
        switch (name) {
            case "specversion" -> specVersion = value;
            case "id" -> id = value;
            case "source" -> source = value;
            case "type" -> type = value;
            case "subject" -> subject = value;
            case "time" -> time = value;
            case "idempotencykey" -> idempotencyKey = value;
            case CONTENT_TYPE -> contentType = value;
            default -> throw new IllegalArgumentException(name);
        }
    }

    private @Nullable String get(String name) {
        return switch (name) {
            case "specversion" -> specVersion;
            case "id" -> id;
            case "source" -> source;
            case "type" -> type;
            case "subject" -> subject;
            case "time" -> time;
            case "idempotencykey" -> idempotencyKey;
            case CONTENT_TYPE -> contentType;
            default -> throw new IllegalArgumentException(name);
        };
    }

    @Nullable
    String type() {
        return type;
    }

    @Nullable
    String contentType() {
        return contentType;
    }

    /** The event, if everything is there without which it is none. */
    DecodedEvent toEvent(DataValues data) throws MalformedEvent {
        if (specVersion == null) {
            throw new MalformedEvent("specversion is missing");
        }
        if (!specVersion.equals("1.0")) {
            throw new MalformedEvent("specversion is not 1.0");
        }
        if (source == null || source.isEmpty()) {
            throw new MalformedEvent("source is missing");
        }
        if (type == null || type.isEmpty()) {
            throw new MalformedEvent("type is missing");
        }
        if (subject != null && subject.length() > SUBJECT_LENGTH_MAX) {
            throw new MalformedEvent("subject is longer than " + SUBJECT_LENGTH_MAX + " characters");
        }
        return new DecodedEvent(
                null,
                emptyToNull(id),
                source,
                type,
                emptyToNull(subject),
                time,
                time == null ? OptionalLong.empty() : EventTime.parse(time),
                emptyToNull(idempotencyKey),
                data);
    }

    private static @Nullable String emptyToNull(@Nullable String text) {
        return text == null || text.isEmpty() ? null : text;
    }

    /** CloudEvents strings have neither control characters nor half surrogates; two tenants could look alike with them. */
    private static void requireAllowed(String name, String text) throws MalformedEvent {
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c < 0x20 || (c >= 0x7f && c <= 0x9f)) {
                throw new MalformedEvent("attribute " + name + " has a control character");
            }
        }
        if (!Unicode.isWellFormed(text)) {
            throw new MalformedEvent("attribute " + name + " has half a surrogate pair");
        }
    }
}
