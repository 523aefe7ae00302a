package io.tallystick.schemas.event;

/** The 128-bit identity of an event: truncated SHA-256 over tenant and idempotency key, never over time. */
public record Identity(long high, long low) {}
