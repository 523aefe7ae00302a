package io.tallystick.schemas.codec;

import org.jspecify.annotations.Nullable;

/**
 * One record of a topic as it stands in a container file.
 *
 * @param timestamp of the record, milliseconds since the epoch
 * @param json of an invoice, what the HTTP interface shows; else null
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record BundledRecord(
        int partition,
        long offset,
        long timestamp,
        byte @Nullable [] key,
        byte @Nullable [] value,
        @Nullable String json) {}
