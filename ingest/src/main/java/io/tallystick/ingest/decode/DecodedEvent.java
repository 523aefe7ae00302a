package io.tallystick.ingest.decode;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What the bytes of one message say, before anything is decided about it.
 *
 * @param malformed why this is no CloudEvent; null when it is one, and then {@code source} and {@code type} are there
 * @param id null when missing or empty, and so is {@code subject}
 * @param time as sent; null when missing, "" when it is there but no text
 * @param instant the time in milliseconds since the epoch; empty when there is none that can be read
 * @param idempotencyKey the extension attribute; null when missing or empty
 * @param data what the type's meters read; nothing when the type was not known to the decoder
 */
public record DecodedEvent(
        @Nullable String malformed,
        @Nullable String id,
        String source,
        String type,
        @Nullable String subject,
        @Nullable String time,
        OptionalLong instant,
        @Nullable String idempotencyKey,
        DataValues data) {

    static DecodedEvent malformed(String detail) {
        return new DecodedEvent(detail, null, "", "", null, null, OptionalLong.empty(), null, DataValues.NONE);
    }
}
