package io.tallystick.schemas.event;

import java.util.List;

/**
 * One usage event, decided and counted once.
 *
 * @param place in {@code usage.events}
 * @param identity of tenant and idempotency key
 * @param contentHash over what matters for billing, under {@code revision}
 * @param revision of the catalogue that it was decided under
 * @param time when the usage happened, milliseconds since the epoch
 * @param recordTime the Kafka timestamp of the event's record, milliseconds since the epoch: the event's "now"
 * @param readings one per meter that reads the event's type and does not exclude it, by meter name
 */
public record AcceptedEvent(
        String tenant,
        int shard,
        long sequence,
        Place place,
        Identity identity,
        long contentHash,
        int revision,
        long time,
        long recordTime,
        List<Reading> readings)
        implements AcceptedRecord {

    public AcceptedEvent {
        readings = List.copyOf(readings);
    }
}
