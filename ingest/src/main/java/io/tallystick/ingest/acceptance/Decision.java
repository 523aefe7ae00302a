package io.tallystick.ingest.acceptance;

/** What is decided about an event by itself, before its identity is looked up. */
public sealed interface Decision permits Candidate, Rejection {}
