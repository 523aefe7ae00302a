package io.tallystick.ingest.acceptance;

/**
 * An event that is refused.
 *
 * @param detail what exactly is wrong, for people; never the payload itself
 */
public record Rejection(Reason reason, String detail) implements Decision {}
