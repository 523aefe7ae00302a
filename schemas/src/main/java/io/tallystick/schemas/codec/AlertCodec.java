package io.tallystick.schemas.codec;

import io.tallystick.schemas.event.Alert;
import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

final class AlertCodec implements AvroCodec<Alert> {

    private final Schema schema;
    private final AvroEnum<Alert.Kind> kind;
    private final AvroEnum<Alert.Span> span;

    /** @param name of the schema: the newest, or an earlier one that lacks nothing but kinds */
    AlertCodec(String name) {
        schema = AvroSchemas.load(name);
        kind = AvroEnum.of(Alert.Kind.class, schema.getField("kind").schema().getEnumSymbols());
        Schema limit = schema.getField("limit").schema().getTypes().get(1);
        span = AvroEnum.of(Alert.Span.class, limit.getField("span").schema().getEnumSymbols());
    }

    @Override
    public Class<Alert> type() {
        return Alert.class;
    }

    @Override
    public Schema schema() {
        return schema;
    }

    @Override
    public void write(Alert alert, Encoder encoder) throws IOException {
        encoder.writeString(alert.tenant());
        kind.write(alert.kind(), encoder);
        encoder.writeString(alert.subscription());
        AvroFields.writePeriod(alert.period(), encoder);
        AvroFields.writeOptional(alert.meter(), AvroFields::writeText, encoder);
        AvroFields.writeDimensions(alert.dimensions(), encoder);
        AvroFields.writeInstant(alert.at(), encoder);
        AvroFields.writeOptional(alert.currency(), AvroFields::writeText, encoder);
        AvroFields.writeDecimal(alert.before(), encoder);
        AvroFields.writeDecimal(alert.after(), encoder);
        encoder.writeString(alert.message());
        AvroFields.writeOptional(alert.limit(), this::writeLimit, encoder);
    }

    @Override
    public Alert read(Decoder decoder) throws IOException {
        return new Alert(
                decoder.readString(),
                kind.read(decoder),
                decoder.readString(),
                AvroFields.readPeriod(decoder),
                AvroFields.readOptional(AvroFields::readText, decoder),
                AvroFields.readDimensions(decoder),
                AvroFields.readInstant(decoder),
                AvroFields.readOptional(AvroFields::readText, decoder),
                AvroFields.readDecimal(decoder),
                AvroFields.readDecimal(decoder),
                decoder.readString(),
                AvroFields.readOptional(this::readLimit, decoder));
    }

    private void writeLimit(Alert.ReachedLimit limit, Encoder encoder) throws IOException {
        span.write(limit.span(), encoder);
        AvroFields.writeDecimal(limit.share(), encoder);
        encoder.writeBoolean(limit.blocked());
        AvroFields.writeOptional(limit.fallback(), AvroFields::writeText, encoder);
    }

    private Alert.ReachedLimit readLimit(Decoder decoder) throws IOException {
        return new Alert.ReachedLimit(
                span.read(decoder),
                AvroFields.readDecimal(decoder),
                decoder.readBoolean(),
                AvroFields.readOptional(AvroFields::readText, decoder));
    }
}
