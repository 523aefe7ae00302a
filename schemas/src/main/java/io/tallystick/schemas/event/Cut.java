package io.tallystick.schemas.event;

/**
 * The end of the prefix of the log that an invoice is a function of: everything in front of {@code offset}.
 *
 * @param log the topic id of {@code usage.accepted}
 * @param sequence of the marker in its tenant's order
 */
public record Cut(String log, int partition, long offset, long sequence) {}
