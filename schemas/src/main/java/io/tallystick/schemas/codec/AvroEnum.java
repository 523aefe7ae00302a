package io.tallystick.schemas.codec;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

/** A Java enum as an Avro enum, by the schema's order of symbols, so that reordering the Java one changes nothing on a topic. */
final class AvroEnum<E extends Enum<E>> {

    private final List<E> constants = new ArrayList<>();
    private final Map<E, Integer> indices;

    private AvroEnum(Class<E> type) {
        this.indices = new EnumMap<>(type);
    }

    /** @param symbols every symbol of the schema, in its order; each names a constant */
    static <E extends Enum<E>> AvroEnum<E> of(Class<E> type, List<String> symbols) {
        AvroEnum<E> avro = new AvroEnum<>(type);
        for (String symbol : symbols) {
            E constant = Enum.valueOf(type, symbol);
            avro.indices.put(constant, avro.constants.size());
            avro.constants.add(constant);
        }
        return avro;
    }

    void write(E value, Encoder encoder) throws IOException {
        Integer index = indices.get(value);
        if (index == null) {
            throw new IOException("the schema has no symbol for " + value);
        }
        encoder.writeEnum(index);
    }

    E read(Decoder decoder) throws IOException {
        int index = decoder.readEnum();
        if (index < 0 || index >= constants.size()) {
            throw new IOException("no symbol " + index);
        }
        return constants.get(index);
    }
}
