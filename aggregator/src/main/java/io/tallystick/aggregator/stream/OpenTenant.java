package io.tallystick.aggregator.stream;

import io.tallystick.schemas.catalog.Aggregation;
import io.tallystick.schemas.catalog.Catalog;
import io.tallystick.schemas.catalog.Meter;
import io.tallystick.schemas.event.AcceptedEvent;
import io.tallystick.schemas.event.AcceptedRecord;
import io.tallystick.schemas.event.EventVoided;
import io.tallystick.schemas.event.Reading;
import io.tallystick.schemas.event.ReadingBackfilled;
import io.tallystick.schemas.value.Dimensions;
import io.tallystick.schemas.value.HourWindow;
import io.tallystick.schemas.value.WindowState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What the heap holds of one tenant: the days touched lately, and which of them have changed since they were last emitted. */
final class OpenTenant {

    private final String tenant;
    private final AggregatorStores stores;
    private long sequence;
    private long storedSequence;
    private long timestamp;
    private final Map<TotalsKey, OpenDay> days = new HashMap<>();
    /** Each once: those that say so of themselves. */
    private final List<OpenDay> changedDays = new ArrayList<>();

    private final Map<TotalsKey, WindowState.Builder> changedMonths = new LinkedHashMap<>();
    /** To be folded again from their days. */
    private final Set<TotalsKey> voidedMonths = new LinkedHashSet<>();

    private final Breadth breadth;
    private int heapBytes = 500;

    /** Learns that a meter has too many dimension combinations in an hour: once for each, when the first is turned away. */
    @FunctionalInterface
    interface Excess {
        void began(String tenant, String meter, Dimensions overflow, long hour);
    }

    OpenTenant(String tenant, AggregatorStores stores, int dimensionsPerHourMax) {
        this.tenant = tenant;
        this.stores = stores;
        this.breadth = new Breadth(tenant, dimensionsPerHourMax, stores.index());
        this.sequence = Progress.sequence(tenant, stores.progress());
        this.storedSequence = sequence;
    }

    String tenant() {
        return tenant;
    }

    /** The Kafka timestamp of the tenant's last record: that of what is emitted for it. */
    long timestamp() {
        return timestamp;
    }

    /** Takes the next record of the tenant's log. Anything but the next is a bug in front of this stage, and going on would hide it. */
    void advance(AcceptedRecord record, long recordTimestamp) {
        if (record.sequence() != sequence + 1) {
            throw new IllegalStateException("the log of tenant '" + tenant + "' goes on with sequence "
                    + record.sequence() + " behind " + sequence);
        }
        sequence = record.sequence();
        timestamp = recordTimestamp;
    }

    /** Adds what each meter read from the event; about how many more bytes that takes on the heap. */
    int add(AcceptedEvent event, Catalog catalog, Excess excess) {
        int before = heapBytes;
        for (Reading reading : event.readings()) {
            Meter meter = catalog.meters().get(reading.meter());
            if (meter == null) {
                throw new IllegalStateException("no meter '" + reading.meter() + "' in the revision in force, but in "
                        + event.revision() + ", which an event names");
            }
            add(reading, meter, event.time(), event.sequence(), excess);
        }
        return heapBytes - before;
    }

    /** Adds what a meter that was added later reads from an event, as if the event had carried it; about how many more bytes that takes on the heap. */
    int add(ReadingBackfilled backfilled, Catalog catalog, Excess excess) {
        int before = heapBytes;
        Meter meter = catalog.meters().get(backfilled.reading().meter());
        if (meter == null) {
            throw new IllegalStateException("no meter '" + backfilled.reading().meter()
                    + "' in the revision in force, but in " + backfilled.revision() + ", which a backfill names");
        }
        add(backfilled.reading(), meter, backfilled.time(), backfilled.event(), excess);
        return heapBytes - before;
    }

    /** Takes back what a voided event brought, as if it had never come; about how many more bytes that takes on the heap. Everything must be flushed. */
    int takeBack(EventVoided voided, Catalog catalog) {
        int before = heapBytes;
        for (Reading reading : voided.readings()) {
            Meter meter = catalog.meters().get(reading.meter());
            if (meter == null) {
                throw new IllegalStateException("no meter '" + reading.meter() + "' in the revision in force, but in "
                        + voided.revision() + ", which a voided event names");
            }
            takeBack(reading, meter, voided);
        }
        return heapBytes - before;
    }

    private void takeBack(Reading reading, Meter meter, EventVoided voided) {
        long hour = HourWindow.hourOf(voided.time());
        int dayNumber = Math.toIntExact(HourWindow.dayOf(hour));
        int slot = HourWindow.slotOf(hour);
        OpenDay day = day(reading.dimensions(), meter, dayNumber);
        if (!day.has(slot)) { // it was one too many to be kept apart
            forget(day);
            day = day(overflow(reading.dimensions()), meter, dayNumber);
        }
        if (!day.has(slot)) {
            throw new IllegalStateException(
                    "event " + voided.event() + " of tenant '" + tenant + "' never counted for " + meter.meter());
        }
        willChange(day);
        heapBytes += day.takeBack(reading, voided.time(), voided.event(), sequence, stores);
        if (meter.aggregation() == Aggregation.TIME_WEIGHTED) {
            voidedMonths.add(new TotalsKey(tenant, meter.meter(), LevelMonths.monthOf(hour), reading.dimensions()));
        }
    }

    /** @param order the sequence of the event, which decides among values of one time */
    private void add(Reading reading, Meter meter, long time, long order, Excess excess) {
        long hour = HourWindow.hourOf(time);
        int dayNumber = Math.toIntExact(HourWindow.dayOf(hour));
        int slot = HourWindow.slotOf(hour);
        OpenDay day = day(reading.dimensions(), meter, dayNumber);
        if (!day.has(slot) && !isAdmitted(reading.dimensions(), meter, dayNumber, slot)) {
            forget(day);
            Dimensions overflow = overflow(reading.dimensions());
            day = day(overflow, meter, dayNumber);
            if (!day.has(slot)) {
                excess.began(tenant, meter.meter(), overflow, hour);
            }
        }
        willChange(day);
        heapBytes += day.add(reading, time, order, sequence, stores.days());
        if (meter.aggregation() == Aggregation.TIME_WEIGHTED) {
            changedMonths
                    .computeIfAbsent(
                            new TotalsKey(tenant, meter.meter(), LevelMonths.monthOf(hour), reading.dimensions()),
                            month -> meter.windowKind().empty().toBuilder())
                    .add(reading.value(), reading.text(), time, order);
        }
    }

    private void willChange(OpenDay day) {
        if (!day.isChanged()) {
            changedDays.add(day);
        }
    }

    private OpenDay day(Dimensions dimensions, Meter meter, int dayNumber) {
        TotalsKey key = new TotalsKey(tenant, meter.meter(), dayNumber, dimensions);
        OpenDay day = days.get(key);
        if (day == null) {
            day = OpenDay.load(key, meter.windowKind(), stores.days());
            days.put(key, day);
            heapBytes += day.heapBytes();
        }
        return day;
    }

    /** Drops a day that nothing was added to. */
    private void forget(OpenDay day) {
        if (day.isEmpty()) {
            days.remove(day.key());
            heapBytes -= day.heapBytes();
        }
    }

    // Levels are always kept apart: a reading replaces the level of its own combination, which would make no sense
    // among strangers.
    private boolean isAdmitted(Dimensions dimensions, Meter meter, int dayNumber, int slot) {
        return dimensions.values().isEmpty()
                || meter.aggregation() == Aggregation.TIME_WEIGHTED
                || breadth.admit(meter.meter(), dayNumber, slot);
    }

    private static Dimensions overflow(Dimensions dimensions) {
        TreeMap<String, String> values = new TreeMap<>();
        dimensions.values().keySet().forEach(name -> values.put(name, AggregatorLimits.OVERFLOW));
        return Dimensions.of(values);
    }

    /** Writes what has changed to the stores and emits each changed window once; about how many more bytes that takes on the heap. */
    int flush(OpenDay.Emission emission) {
        int before = heapBytes;
        for (OpenDay day : changedDays) {
            heapBytes -= day.flush(stores, emission);
        }
        changedDays.clear();
        changedMonths.forEach((month, since) -> {
            if (!voidedMonths.contains(month)) {
                LevelMonths.merge(month, since.state(), stores.index());
            }
        });
        changedMonths.clear();
        voidedMonths.forEach(month -> LevelMonths.fold(month, stores));
        voidedMonths.clear();
        breadth.flush();
        if (sequence != storedSequence) {
            Progress.putSequence(tenant, sequence, stores.progress());
            storedSequence = sequence;
        }
        return heapBytes - before;
    }

    /** About how many bytes it takes on the heap. */
    int heapBytes() {
        return heapBytes;
    }
}
