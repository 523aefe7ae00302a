package io.tallystick.aggregator.stream;

import io.tallystick.schemas.catalog.Catalog;
import io.tallystick.schemas.catalog.Meter;
import io.tallystick.schemas.event.AcceptedEvent;
import io.tallystick.schemas.event.AcceptedRecord;
import io.tallystick.schemas.event.Reading;
import io.tallystick.schemas.value.HourWindow;
import io.tallystick.schemas.value.WindowKind;
import io.tallystick.schemas.value.WindowState;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** What the heap holds of one tenant: the days touched lately, and which of them have changed since they were last emitted. */
final class OpenTenant {

    private final String tenant;
    private final AggregatorStores stores;
    private long sequence;
    private long storedSequence;
    private long timestamp;
    private final Map<TotalsKey, OpenDay> days = new HashMap<>();
    private final Set<OpenDay> changedDays = new LinkedHashSet<>();
    private final Map<TotalsKey, WindowState.Builder> changedMonths = new LinkedHashMap<>();
    private int heapBytes = 500;

    OpenTenant(String tenant, AggregatorStores stores) {
        this.tenant = tenant;
        this.stores = stores;
        this.sequence = Progress.sequence(tenant, stores.progress());
        this.storedSequence = sequence;
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
    int add(AcceptedEvent event, Catalog catalog) {
        int before = heapBytes;
        for (Reading reading : event.readings()) {
            Meter meter = catalog.meters().get(reading.meter());
            if (meter == null) {
                throw new IllegalStateException("no meter '" + reading.meter() + "' in the revision in force, but in "
                        + event.revision() + ", which an event names");
            }
            add(reading, meter.windowKind(), event);
        }
        return heapBytes - before;
    }

    private void add(Reading reading, WindowKind kind, AcceptedEvent event) {
        long hour = HourWindow.hourOf(event.time());
        int dayNumber = Math.toIntExact(HourWindow.dayOf(hour));
        TotalsKey key = new TotalsKey(tenant, reading.meter(), dayNumber, reading.dimensions());
        OpenDay day = days.get(key);
        if (day == null) {
            day = OpenDay.load(key, kind, stores.days());
            days.put(key, day);
            heapBytes += day.heapBytes();
        }
        heapBytes += day.add(reading, event.time(), event.sequence(), stores.days());
        changedDays.add(day);
        if (kind == WindowKind.LEVEL_READINGS || kind == WindowKind.LEVEL_CHANGES) {
            changedMonths
                    .computeIfAbsent(
                            new TotalsKey(tenant, reading.meter(), LevelMonths.monthOf(hour), reading.dimensions()),
                            month -> kind.empty().toBuilder())
                    .add(reading.value(), reading.text(), event.time(), event.sequence());
        }
    }

    /** Writes what has changed to the stores and emits each changed window once. */
    void flush(OpenDay.Emission emission) {
        for (OpenDay day : changedDays) {
            day.flush(stores.days(), emission);
        }
        changedDays.clear();
        changedMonths.forEach((month, since) -> LevelMonths.merge(month, since.state(), stores.levels()));
        changedMonths.clear();
        if (sequence != storedSequence) {
            Progress.putSequence(tenant, sequence, stores.progress());
            storedSequence = sequence;
        }
    }

    /** About how many bytes it takes on the heap. */
    int heapBytes() {
        return heapBytes;
    }
}
