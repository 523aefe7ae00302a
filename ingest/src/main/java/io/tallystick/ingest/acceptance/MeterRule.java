package io.tallystick.ingest.acceptance;

import io.tallystick.ingest.decode.DataPaths;
import io.tallystick.ingest.decode.DataValues;
import io.tallystick.ingest.decode.DataValues.Kind;
import io.tallystick.schemas.catalog.Aggregation;
import io.tallystick.schemas.catalog.DataPath;
import io.tallystick.schemas.catalog.Meter;
import io.tallystick.schemas.event.Reading;
import io.tallystick.schemas.value.DecimalText;
import io.tallystick.schemas.value.Dimensions;
import io.tallystick.schemas.value.PerDimensions;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One meter, made ready to read events: its paths are slots, its filters are sets. */
final class MeterRule {

    /** Longest text that a dimension or a unique value may have, in UTF-16 units: it becomes part of keys. */
    static final int TEXT_LENGTH_MAX = 4096;

    /** Longer parts of the content hash are put together each time. */
    private static final int PART_BYTES_MAX = 1024;

    private final Meter meter;
    private final long effectiveFrom;
    private final int valueSlot;
    private final List<Slot> dimensions = new ArrayList<>();
    private final List<Filter> filters = new ArrayList<>();
    private final KnownSplits splits;
    private final PerDimensions<byte[]> parts = new PerDimensions<>(256);

    private record Slot(String name, DataPath path, int slot) {}

    private record Filter(DataPath path, int slot, Set<String> texts) {}

    MeterRule(Meter meter, DataPaths paths) {
        this.meter = meter;
        this.effectiveFrom = meter.effectiveFrom() == null
                ? Long.MIN_VALUE
                : meter.effectiveFrom().toEpochMilli();
        this.valueSlot = readsValue(meter) && meter.value() != null ? paths.slot(meter.value()) : -1;
        meter.dimensions().forEach((name, path) -> dimensions.add(new Slot(name, path, paths.slot(path))));
        this.splits = new KnownSplits(meter.dimensions().keySet());
        meter.where().forEach((path, texts) -> filters.add(new Filter(path, paths.slot(path), Set.copyOf(texts))));
    }

    /** Every path that is read for {@code meter}. */
    static List<DataPath> pathsOf(Meter meter) {
        List<DataPath> paths = new ArrayList<>(meter.where().keySet());
        paths.addAll(meter.dimensions().values());
        if (readsValue(meter) && meter.value() != null) {
            paths.add(meter.value());
        }
        return paths;
    }

    private static boolean readsValue(Meter meter) {
        return meter.aggregation() != Aggregation.COUNT;
    }

    String name() {
        return meter.meter();
    }

    /**
     * What the dimensions of its reading add to the content hash.
     *
     * @param scratch whatever is in it is lost
     */
    byte[] part(Dimensions dimensions, Fingerprint scratch) {
        byte[] part = parts.find(dimensions);
        if (part == null) {
            scratch.start('s');
            dimensions
                    .values()
                    .forEach((name, value) -> scratch.mark('d').text(name).text(value));
            part = scratch.toPart();
            if (part.length <= PART_BYTES_MAX) {
                parts.keep(dimensions, part);
            }
        }
        return part;
    }

    /** The reading; null when the meter excludes the event. An excluded event's value is not read and cannot be wrong. */
    @Nullable
    Reading read(DataValues data, long time) throws UnreadableValue {
        if (time < effectiveFrom) {
            return null;
        }
        if (data.unreadable() != null && (valueSlot >= 0 || !dimensions.isEmpty() || !filters.isEmpty())) {
            throw unreadable(data.unreadable());
        }
        for (Filter filter : filters) {
            if (!filter.texts.contains(text(data, filter.path, filter.slot))) {
                return null;
            }
        }
        Dimensions split = dimensions(data);
        if (valueSlot < 0) {
            return new Reading(name(), split, null, null);
        }
        return meter.aggregation() == Aggregation.UNIQUE_COUNT
                ? new Reading(name(), split, null, uniqueText(data))
                : new Reading(name(), split, number(data), null);
    }

    private Dimensions dimensions(DataValues data) throws UnreadableValue {
        if (dimensions.isEmpty()) {
            return Dimensions.NONE;
        }
        String[] texts = new String[dimensions.size()];
        for (int at = 0; at < texts.length; at++) {
            Slot dimension = dimensions.get(at);
            String text = text(data, dimension.path, dimension.slot);
            if (text.length() > TEXT_LENGTH_MAX) {
                throw unreadable(dimension.path.text() + " is longer than " + TEXT_LENGTH_MAX + " characters");
            }
            texts[at] = text;
        }
        return splits.of(texts);
    }

    /** What compares as text: nothing and null are "". */
    private String text(DataValues data, DataPath path, int slot) throws UnreadableValue {
        Kind kind = data.kind(slot);
        if (kind == Kind.STRUCTURE) {
            throw unreadable(path.text() + " is an object or array");
        }
        if (kind == Kind.NOT_UNICODE) {
            throw unreadable(path.text() + " is not Unicode text");
        }
        return data.text(slot);
    }

    private String uniqueText(DataValues data) throws UnreadableValue {
        requireValue(data);
        String text = text(data, valuePath(), valueSlot);
        if (text.length() > TEXT_LENGTH_MAX) {
            throw unreadable(valuePath().text() + " is longer than " + TEXT_LENGTH_MAX + " characters");
        }
        return text;
    }

    private BigDecimal number(DataValues data) throws UnreadableValue {
        requireValue(data);
        Kind kind = data.kind(valueSlot);
        if (kind != Kind.NUMBER && kind != Kind.TEXT) {
            throw unreadable(valuePath().text() + " is not a number");
        }
        Optional<BigDecimal> parsed = DecimalText.parse(data.text(valueSlot));
        if (parsed.isEmpty()) {
            throw unreadable(valuePath().text() + " is not a number within the limits");
        }
        return DecimalText.stripped(rounded(parsed.get()));
    }

    private BigDecimal rounded(BigDecimal value) {
        Meter.Quantum quantum = meter.quantum();
        if (quantum == null) {
            return value;
        }
        return value.divide(quantum.step(), 0, quantum.mode().mode()).multiply(quantum.step());
    }

    private void requireValue(DataValues data) throws UnreadableValue {
        Kind kind = data.kind(valueSlot);
        if (kind == Kind.MISSING || kind == Kind.NULL) {
            throw unreadable(valuePath().text() + " is missing");
        }
    }

    private DataPath valuePath() {
        return Objects.requireNonNull(meter.value());
    }

    private UnreadableValue unreadable(String what) {
        return new UnreadableValue("meter " + name() + ": " + what);
    }
}
