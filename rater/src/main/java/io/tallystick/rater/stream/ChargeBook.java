package io.tallystick.rater.stream;

import io.tallystick.schemas.codec.ChargesCoverage;
import io.tallystick.schemas.event.Coverage;
import io.tallystick.schemas.topic.RecordKeys;
import io.tallystick.schemas.value.Period;
import java.util.Arrays;
import java.util.Collection;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** What stands on {@code billing.charges} for the open periods, by the same keys and bytes, so that only changes are emitted. */
final class ChargeBook {

    private final KeyValueStore<String, byte[]> standing;
    private final KeyValueStore<String, byte[]> booked;

    /** Emits one record of the topic; null takes a line away. */
    @FunctionalInterface
    interface Emitter {
        void emit(String key, byte @Nullable [] value);
    }

    /**
     * @param standing the lines and shadows of the open periods
     * @param booked those of the closed ones as they were invoiced: what corrections are measured against
     */
    ChargeBook(KeyValueStore<String, byte[]> standing, KeyValueStore<String, byte[]> booked) {
        this.standing = standing;
        this.booked = booked;
    }

    /** Makes {@code now} stand for the period, and emits what that changes, in order of keys. */
    void replace(String tenant, String subscription, Period period, SortedMap<String, byte[]> now, Emitter emitter) {
        SortedMap<String, byte[]> before = of(tenant, subscription, period);
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
    }

    /** Takes away what stands for other periods of the subscription than these, and emits that. */
    void retain(String tenant, String subscription, Collection<Period> periods, Emitter emitter) {
        Set<String> starts =
                periods.stream().map(period -> period.start().toString()).collect(Collectors.toUnmodifiableSet());
        for (String key : of(SubscriptionBook.prefix(tenant, subscription)).keySet()) {
            if (!starts.contains(RecordKeys.elementsOf(key).get(2))) {
                standing.delete(key);
                emitter.emit(key, null);
            }
        }
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
        of(tenant, subscription, period).forEach((key, value) -> {
            booked.put(key, value);
            standing.delete(key);
            emitter.emit(key, null);
        });
    }

    /** Whether a line stands already. */
    boolean stands(String key) {
        return standing.get(key) != null;
    }

    private SortedMap<String, byte[]> of(String tenant, String subscription, Period period) {
        return of(SubscriptionBook.prefix(tenant, subscription, period));
    }

    private SortedMap<String, byte[]> of(String prefix) {
        SortedMap<String, byte[]> lines = new TreeMap<>();
        try (KeyValueIterator<String, byte[]> entries = standing.prefixScan(prefix, new StringSerializer())) {
            while (entries.hasNext()) {
                KeyValue<String, byte[]> entry = entries.next();
                lines.put(entry.key, entry.value);
            }
        }
        return lines;
    }
}
