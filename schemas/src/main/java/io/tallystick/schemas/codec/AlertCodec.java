package io.tallystick.schemas.codec;

import io.tallystick.schemas.event.Alert;
import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

final class AlertCodec implements AvroCodec<Alert> {

    private static final Schema SCHEMA = AvroSchemas.load("Alert");
    private static final AvroEnum<Alert.Kind> KIND =
            AvroEnum.of(Alert.Kind.class, SCHEMA.getField("kind").schema().getEnumSymbols());
    private static final AvroEnum<Alert.Span> SPAN = AvroEnum.of(
            Alert.Span.class, limitSchema().getField("span").schema().getEnumSymbols());

    @Override
    public Class<Alert> type() {
        return Alert.class;
    }

    @Override
    public Schema schema() {
        return SCHEMA;
    }

    @Override
    public void write(Alert alert, Encoder encoder) throws IOException {
        encoder.writeString(alert.tenant());
        KIND.write(alert.kind(), encoder);
        encoder.writeString(alert.subscription());
        AvroFields.writePeriod(alert.period(), encoder);
        AvroFields.writeOptional(alert.meter(), AvroFields::writeText, encoder);
        AvroFields.writeDimensions(alert.dimensions(), encoder);
        AvroFields.writeInstant(alert.at(), encoder);
        AvroFields.writeOptional(alert.currency(), AvroFields::writeText, encoder);
        AvroFields.writeDecimal(alert.before(), encoder);
        AvroFields.writeDecimal(alert.after(), encoder);
        encoder.writeString(alert.message());
        AvroFields.writeOptional(alert.limit(), AlertCodec::writeLimit, encoder);
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
                AvroFields.readOptional(AlertCodec::readLimit, decoder));
    }

    private static Schema limitSchema() {
        return SCHEMA.getField("limit").schema().getTypes().get(1);
    }

    private static void writeLimit(Alert.ReachedLimit limit, Encoder encoder) throws IOException {
        SPAN.write(limit.span(), encoder);
        AvroFields.writeDecimal(limit.share(), encoder);
        encoder.writeBoolean(limit.blocked());
        AvroFields.writeOptional(limit.fallback(), AvroFields::writeText, encoder);
    }

    private static Alert.ReachedLimit readLimit(Decoder decoder) throws IOException {
        return new Alert.ReachedLimit(
                SPAN.read(decoder),
                AvroFields.readDecimal(decoder),
                decoder.readBoolean(),
                AvroFields.readOptional(AvroFields::readText, decoder));
    }
}
