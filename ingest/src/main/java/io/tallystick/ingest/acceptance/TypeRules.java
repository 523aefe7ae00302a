package io.tallystick.ingest.acceptance;

import io.tallystick.ingest.decode.DataPaths;
import io.tallystick.ingest.decode.DataValues;
import io.tallystick.schemas.catalog.DataPath;
import io.tallystick.schemas.catalog.Meter;
import io.tallystick.schemas.event.Reading;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Every meter of one event type, by name. */
final class TypeRules {

    /** Most text that all readings of one event may hold together, in UTF-16 units: keeps its record far below every size limit. */
    static final int READINGS_LENGTH_MAX = 256 * 1024;

    private final DataPaths paths;
    private final List<MeterRule> meters = new ArrayList<>();

    /** @param meters of one type, sorted by name */
    TypeRules(List<Meter> meters) {
        List<DataPath> read = new ArrayList<>();
        meters.forEach(meter -> read.addAll(MeterRule.pathsOf(meter)));
        this.paths = DataPaths.of(read);
        meters.forEach(meter -> this.meters.add(new MeterRule(meter, paths)));
    }

    DataPaths paths() {
        return paths;
    }

    List<MeterRule> meters() {
        return meters;
    }

    /** One reading per meter, in their order; null where the meter excludes the event. */
    @Nullable
    Reading[] read(DataValues data, long time) throws UnreadableValue {
        Reading[] readings = new Reading[meters.size()];
        long length = 0;
        for (int at = 0; at < readings.length; at++) {
            Reading reading = meters.get(at).read(data, time);
            readings[at] = reading;
            length += reading == null ? 0 : lengthOf(reading);
        }
        if (length > READINGS_LENGTH_MAX) {
            throw new UnreadableValue("the values of all meters have more than " + READINGS_LENGTH_MAX + " characters");
        }
        return readings;
    }

    private static long lengthOf(Reading reading) {
        long length = reading.text() == null ? 0 : reading.text().length();
        for (String value : reading.dimensions().values().values()) {
            length += value.length();
        }
        return length;
    }
}
