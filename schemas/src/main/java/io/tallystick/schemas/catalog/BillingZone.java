package io.tallystick.schemas.catalog;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Optional;

/** The time zones that usage can be cut by: those that are whole hours away from UTC, since totals are kept per UTC hour. */
public final class BillingZone {

    /** No boundary is computed past this. */
    private static final Instant HORIZON = Instant.parse("2100-01-01T00:00:00Z");

    private static final int HOUR_SECONDS = 3600;

    private BillingZone() {}

    /** The zone that the text names: {@code Europe/Berlin}, {@code UTC}, {@code +02:00}. */
    public static Optional<ZoneId> parse(String text) {
        try {
            return Optional.of(ZoneId.of(text));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /**
     * The first offset that is not a whole hour among those that the zone has from {@code from} until 2100; empty when all are whole hours. Asking from
     * where the boundaries begin lets Singapore in (half an hour off until 1982) and keeps Kolkata out.
     */
    public static Optional<ZoneOffset> offsetOffTheHour(ZoneId zone, Instant from) {
        ZoneRules rules = zone.getRules();
        ZoneOffset offset = rules.getOffset(from);
        ZoneOffsetTransition next = rules.nextTransition(from);
        while (isWholeHour(offset)) {
            if (next == null || next.getInstant().isAfter(HORIZON)) {
                return Optional.empty();
            }
            offset = next.getOffsetAfter();
            next = rules.nextTransition(next.getInstant());
        }
        return Optional.of(offset);
    }

    private static boolean isWholeHour(ZoneOffset offset) {
        return offset.getTotalSeconds() % HOUR_SECONDS == 0;
    }
}
