package io.tallystick.schemas.codec;

import io.tallystick.schemas.event.Alert;
import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

/** Reads alerts that were written before limits had fields of their own; nothing writes them any more. */
final class EarlierAlertCodec implements AvroCodec<Alert> {

    private static final Schema SCHEMA = AvroSchemas.load("Alert-1");
    private static final AvroEnum<Alert.Kind> KIND =
            AvroEnum.of(Alert.Kind.class, SCHEMA.getField("kind").schema().getEnumSymbols());

    @Override
    public Class<Alert> type() {
        return Alert.class;
    }

    @Override
    public Schema schema() {
        return SCHEMA;
    }

    @Override
    public void write(Alert alert, Encoder encoder) {
        throw new UnsupportedOperationException("the first codec of a type writes");
    }

    @Override
    public Alert read(Decoder decoder) throws IOException {
        return new Alert(
                decoder.readString(),
                KIND.read(decoder),
                decoder.readString(),
                AvroFields.readPeriod(decoder),
                AvroFields.readOptional(AvroFields::readText, decoder),
                AvroFields.readDimensions(decoder),
                AvroFields.readInstant(decoder),
                AvroFields.readOptional(AvroFields::readText, decoder),
                AvroFields.readDecimal(decoder),
                AvroFields.readDecimal(decoder),
                decoder.readString(),
                null);
    }
}
