package io.tallystick.rater.stream;

import io.tallystick.schemas.codec.ChargesCoverage;
import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.ChargeLine;
import io.tallystick.schemas.event.Coverage;
import io.tallystick.schemas.event.LineItem;
import io.tallystick.schemas.value.Period;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Collectors;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** What stands on {@code billing.charges} for the open periods, by the same keys and bytes, so that only changes are emitted. */
final class ChargeBook {

    private final StandingLines standing;
    private final KeyValueStore<String, byte[]> booked;

    /** Emits one record of the topic; null takes a line away. */
    @FunctionalInterface
    interface Emitter {
        void emit(String key, byte @Nullable [] value);
    }

    /**
     * @param standing the lines and shadows of the open periods
     * @param booked the lines of the closed ones as they were billed: what corrections are measured against
     */
    ChargeBook(KeyValueStore<String, byte[]> standing, KeyValueStore<String, byte[]> booked) {
        this.standing = new StandingLines(standing);
        this.booked = booked;
    }

    /** Makes {@code now} stand for the period, and emits what that changes, in order of keys. */
    void replace(String tenant, String subscription, Period period, SortedMap<String, byte[]> now, Emitter emitter) {
        String prefix = SubscriptionBook.prefix(tenant, subscription, period);
        SortedMap<String, byte[]> before = standing.of(prefix);
        for (String key : before.keySet()) {
            if (!now.containsKey(key)) {
                standing.delete(key);
                emitter.emit(key, null);
            }
        }
        now.forEach((key, value) -> {
            if (!Arrays.equals(value, before.get(key))) {
                standing.put(key, value);
                emitter.emit(key, value);
            }
        });
        standing.isNow(prefix, now);
    }

    /** Takes away what stands for other periods of the subscription than these, and emits that. */
    void retain(String tenant, String subscription, Collection<Period> periods, Emitter emitter) {
        Set<Instant> starts = periods.stream().map(Period::start).collect(Collectors.toUnmodifiableSet());
        for (String key :
                standing.of(SubscriptionBook.prefix(tenant, subscription)).keySet()) {
            if (!starts.contains(SubscriptionBook.startOf(key))) {
                standing.delete(key);
                emitter.emit(key, null);
            }
        }
        standing.forgetAll();
    }

    /** Of what stands for the period: what a close marker on the charges vouches for. */
    Coverage coverage(String tenant, String subscription, Period period) {
        Coverage coverage = Coverage.EMPTY;
        for (byte[] value : of(tenant, subscription, period).values()) {
            coverage = ChargesCoverage.plus(coverage, value);
        }
        return coverage;
    }

    /** The period is closed: its lines are booked and stand no longer, which is emitted too. */
    void book(String tenant, String subscription, Period period, Emitter emitter) {
        String prefix = SubscriptionBook.prefix(tenant, subscription, period);
        standing.of(prefix).forEach((key, value) -> {
            if (isCorrectable(value)) {
                booked.put(key, value);
            }
            standing.delete(key);
            emitter.emit(key, null);
        });
        standing.forget(prefix);
    }

    /** What stands for a period that is not open was for one marker only: it stands no longer, which is emitted. */
    void withdraw(String tenant, String subscription, Period period, Emitter emitter) {
        String prefix = SubscriptionBook.prefix(tenant, subscription, period);
        for (String key : standing.of(prefix).keySet()) {
            standing.delete(key);
            emitter.emit(key, null);
        }
        standing.forget(prefix);
    }

    /** The lines that the period was billed with, corrections included: what the next correction is measured against. */
    List<LineItem> booked(String tenant, String subscription, Period period) {
        List<LineItem> lines = new ArrayList<>();
        for (byte[] value : of(booked, tenant, subscription, period).values()) {
            lines.add(((ChargeLine) TopicCodecs.CHARGES.decode(value)).line());
        }
        return lines;
    }

    /** A closed period is booked anew: {@code now} is what it has been billed with from here on. */
    void rebook(String tenant, String subscription, Period period, SortedMap<String, byte[]> now) {
        of(booked, tenant, subscription, period).keySet().forEach(booked::delete);
        now.forEach((key, value) -> {
            if (isCorrectable(value)) {
                booked.put(key, value);
            }
        });
    }

    /** The period takes no corrections any more. */
    void forget(String tenant, String subscription, Instant start) {
        StandingLines.read(booked, SubscriptionBook.prefix(tenant, subscription, start.toString()))
                .keySet()
                .forEach(booked::delete);
    }

    /** Corrections correct what a period itself costs, with what its plan takes off: not shadows, nor what it carries of others or was paid with. */
    private static boolean isCorrectable(byte[] value) {
        return TopicCodecs.CHARGES.decode(value) instanceof ChargeLine line
                && line.line().kind() != LineItem.Kind.ADJUSTMENT
                && !line.line().isPrepaid();
    }

    /** Whether a line stands already. */
    boolean stands(String key) {
        return standing.has(key);
    }

    private SortedMap<String, byte[]> of(String tenant, String subscription, Period period) {
        return standing.of(SubscriptionBook.prefix(tenant, subscription, period));
    }

    private static SortedMap<String, byte[]> of(
            KeyValueStore<String, byte[]> store, String tenant, String subscription, Period period) {
        return StandingLines.read(store, SubscriptionBook.prefix(tenant, subscription, period));
    }
}
