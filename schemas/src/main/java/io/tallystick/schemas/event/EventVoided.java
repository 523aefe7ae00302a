package io.tallystick.schemas.event;

import java.util.List;

/**
 * From here on an accepted event counts for nothing: every window gives back what the event brought it. The event itself stands where it stood, and its
 * identity stays taken.
 *
 * @param event the sequence of the event
 * @param place of the event in {@code usage.events}
 * @param revision of the catalogue that the event was decided under
 * @param time when the usage happened, milliseconds since the epoch
 * @param readings of the event, and what was filled in for it later
 * @param reason in the operator's words
 * @param requestedAt milliseconds since the epoch, for people to read; decides nothing
 */
public record EventVoided(
        String tenant,
        int shard,
        long sequence,
        long event,
        Place place,
        Identity identity,
        int revision,
        long time,
        List<Reading> readings,
        String reason,
        long requestedAt)
        implements AcceptedRecord {

    public EventVoided {
        readings = List.copyOf(readings);
    }
}
