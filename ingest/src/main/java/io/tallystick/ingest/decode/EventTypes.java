package io.tallystick.ingest.decode;

import org.jspecify.annotations.Nullable;

/** Says what is read from the data of each event type. */
@FunctionalInterface
public interface EventTypes {

    /** Reads envelopes only. */
    EventTypes NONE = type -> null;

    /** The paths to read; null for a type that no meter has. */
    @Nullable
    DataPaths pathsOf(String type);
}
