package io.tallystick.schemas.event;

/**
 * What a meter that was added later reads from an event that was accepted before: it counts as if the event had carried it from the start.
 *
 * @param event the sequence of the event, which orders its value among others of one time
 * @param place of the event in {@code usage.events}
 * @param revision of the catalogue that the meter was read under
 * @param time when the usage happened, milliseconds since the epoch
 */
public record ReadingBackfilled(
        String tenant, int shard, long sequence, long event, Place place, int revision, long time, Reading reading)
        implements AcceptedRecord {}
