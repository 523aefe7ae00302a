package io.tallystick.ingest.acceptance;

import java.util.Locale;

/**
 * Why an event is refused, in order of precedence: of several reasons the first here is the one given. The lower-case name
 * is what the {@code tallystick-reason} header and the HTTP answer say.
 */
public enum Reason {
    /** The event, or its key and headers together, has more than 1 MiB. */
    TOO_LARGE,
    /** Not readable as CloudEvents 1.0, or without {@code specversion}, {@code source} or {@code type}. */
    NOT_A_CLOUD_EVENT,
    /** No {@code id}, or an empty one. */
    MISSING_ID,
    /** No {@code subject}, or an empty one: nobody to bill. */
    MISSING_SUBJECT,
    /** The {@code time} is no RFC 3339 timestamp. */
    INVALID_TIME,
    /** The time is more than the horizon before the record's timestamp, or that timestamp as much behind the newest of its partition. */
    TOO_OLD,
    /** The time is more than the skew ahead of the record's timestamp. */
    IN_THE_FUTURE,
    /** No meter has the event's type. */
    UNKNOWN_TYPE,
    /** A meter cannot read what it needs from the data. */
    INVALID_VALUE,
    /** The identity was accepted before, with other content. */
    CONFLICTING_DUPLICATE;

    private final String text = name().toLowerCase(Locale.ROOT);

    /** As headers, answers and metrics say it. */
    public String text() {
        return text;
    }
}
