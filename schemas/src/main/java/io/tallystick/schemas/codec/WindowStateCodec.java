package io.tallystick.schemas.codec;

import io.tallystick.schemas.value.CountSum;
import io.tallystick.schemas.value.EventValues;
import io.tallystick.schemas.value.EventValues.EventValue;
import io.tallystick.schemas.value.Latest;
import io.tallystick.schemas.value.LevelChanges;
import io.tallystick.schemas.value.LevelChanges.LevelChange;
import io.tallystick.schemas.value.LevelReadings;
import io.tallystick.schemas.value.LevelReadings.LevelReading;
import io.tallystick.schemas.value.MinMax;
import io.tallystick.schemas.value.UniqueValues;
import io.tallystick.schemas.value.WindowKind;
import io.tallystick.schemas.value.WindowState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

/**
 * How a {@link WindowState} is written: an Avro union of one record per kind of state, in the order of {@code WindowTotal.avsc}.
 * Equal states are equal bytes.
 */
public final class WindowStateCodec {

    /** The union of the published schema, in its order: new kinds go to the end. */
    private static final List<WindowKind> UNION = List.of(
            WindowKind.COUNT_SUM,
            WindowKind.MIN_MAX,
            WindowKind.LATEST,
            WindowKind.UNIQUE_VALUES,
            WindowKind.EVENT_VALUES,
            WindowKind.LEVEL_READINGS,
            WindowKind.LEVEL_CHANGES);

    private WindowStateCodec() {}

    public static void write(WindowState state, Encoder encoder) throws IOException {
        encoder.writeIndex(UNION.indexOf(state.kind()));
        switch (state.kind()) {
            case COUNT_SUM -> writeCountSum((CountSum) state, encoder);
            case MIN_MAX -> writeMinMax((MinMax) state, encoder);
            case LATEST -> writeLatest((Latest) state, encoder);
            case UNIQUE_VALUES -> writeUniqueValues((UniqueValues) state, encoder);
            case EVENT_VALUES ->
                AvroFields.writeList(((EventValues) state).values(), WindowStateCodec::writeEventValue, encoder);
            case LEVEL_READINGS -> writeLevelReadings((LevelReadings) state, encoder);
            case LEVEL_CHANGES -> writeLevelChanges((LevelChanges) state, encoder);
        }
    }

    public static WindowState read(Decoder decoder) throws IOException {
        int index = decoder.readIndex();
        if (index < 0 || index >= UNION.size()) {
            throw new IOException("no window state of kind " + index);
        }
        return switch (UNION.get(index)) {
            case COUNT_SUM -> new CountSum(decoder.readLong(), AvroFields.readDecimal(decoder));
            case MIN_MAX ->
                new MinMax(decoder.readLong(), AvroFields.readDecimal(decoder), AvroFields.readDecimal(decoder));
            case LATEST ->
                new Latest(decoder.readLong(), decoder.readLong(), decoder.readLong(), AvroFields.readDecimal(decoder));
            case UNIQUE_VALUES ->
                new UniqueValues(decoder.readLong(), new TreeSet<>(AvroFields.readList(AvroFields::readText, decoder)));
            case EVENT_VALUES -> new EventValues(AvroFields.readList(WindowStateCodec::readEventValue, decoder));
            case LEVEL_READINGS ->
                new LevelReadings(decoder.readLong(), AvroFields.readList(WindowStateCodec::readLevelReading, decoder));
            case LEVEL_CHANGES ->
                new LevelChanges(decoder.readLong(), AvroFields.readList(WindowStateCodec::readLevelChange, decoder));
        };
    }

    private static void writeCountSum(CountSum state, Encoder encoder) throws IOException {
        encoder.writeLong(state.count());
        AvroFields.writeDecimal(state.sum(), encoder);
    }

    private static void writeMinMax(MinMax state, Encoder encoder) throws IOException {
        encoder.writeLong(state.count());
        AvroFields.writeDecimal(state.min(), encoder);
        AvroFields.writeDecimal(state.max(), encoder);
    }

    private static void writeLatest(Latest state, Encoder encoder) throws IOException {
        encoder.writeLong(state.count());
        encoder.writeLong(state.time());
        encoder.writeLong(state.sequence());
        AvroFields.writeDecimal(state.value(), encoder);
    }

    private static void writeUniqueValues(UniqueValues state, Encoder encoder) throws IOException {
        encoder.writeLong(state.count());
        AvroFields.writeList(new ArrayList<>(state.texts()), AvroFields::writeText, encoder);
    }

    private static void writeLevelReadings(LevelReadings state, Encoder encoder) throws IOException {
        encoder.writeLong(state.count());
        AvroFields.writeList(state.readings(), WindowStateCodec::writeLevelReading, encoder);
    }

    private static void writeLevelChanges(LevelChanges state, Encoder encoder) throws IOException {
        encoder.writeLong(state.count());
        AvroFields.writeList(state.changes(), WindowStateCodec::writeLevelChange, encoder);
    }

    private static void writeEventValue(EventValue value, Encoder encoder) throws IOException {
        encoder.writeLong(value.time());
        encoder.writeLong(value.sequence());
        AvroFields.writeDecimal(value.value(), encoder);
    }

    private static EventValue readEventValue(Decoder decoder) throws IOException {
        return new EventValue(decoder.readLong(), decoder.readLong(), AvroFields.readDecimal(decoder));
    }

    private static void writeLevelReading(LevelReading reading, Encoder encoder) throws IOException {
        encoder.writeLong(reading.time());
        encoder.writeLong(reading.sequence());
        AvroFields.writeDecimal(reading.level(), encoder);
    }

    private static LevelReading readLevelReading(Decoder decoder) throws IOException {
        return new LevelReading(decoder.readLong(), decoder.readLong(), AvroFields.readDecimal(decoder));
    }

    private static void writeLevelChange(LevelChange change, Encoder encoder) throws IOException {
        encoder.writeLong(change.time());
        AvroFields.writeDecimal(change.change(), encoder);
    }

    private static LevelChange readLevelChange(Decoder decoder) throws IOException {
        return new LevelChange(decoder.readLong(), AvroFields.readDecimal(decoder));
    }
}
