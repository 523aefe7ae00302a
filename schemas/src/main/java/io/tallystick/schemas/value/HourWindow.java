package io.tallystick.schemas.value;

import java.time.Instant;

/** The UTC hour windows that totals are kept in, counted from the epoch: hour {@code h} is {@code [h, h + 1)} hours after 1970. */
public final class HourWindow {

    public static final long MILLIS = 3_600_000L;
    public static final int HOURS_PER_DAY = 24;

    private HourWindow() {}

    /** The hour that a time (milliseconds since the epoch) falls in; also right before 1970. */
    public static long hourOf(long epochMillis) {
        return Math.floorDiv(epochMillis, MILLIS);
    }

    public static long hourOf(Instant instant) {
        return hourOf(instant.toEpochMilli());
    }

    /** The UTC day, counted from the epoch, that an hour falls in. */
    public static long dayOf(long hour) {
        return Math.floorDiv(hour, HOURS_PER_DAY);
    }

    /** 0 to 23: the slot of an hour in its UTC day. */
    public static int slotOf(long hour) {
        return Math.floorMod(hour, HOURS_PER_DAY);
    }

    public static Instant startOf(long hour) {
        return Instant.ofEpochMilli(hour * MILLIS);
    }

    public static boolean isWholeHour(Instant instant) {
        return instant.getNano() == 0 && Math.floorMod(instant.getEpochSecond(), 3600L) == 0;
    }
}
