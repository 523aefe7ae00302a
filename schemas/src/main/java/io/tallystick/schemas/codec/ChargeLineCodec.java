package io.tallystick.schemas.codec;

import io.tallystick.schemas.event.ChargeLine;
import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

final class ChargeLineCodec implements AvroCodec<ChargeLine> {

    private static final Schema SCHEMA = AvroSchemas.load("ChargeLine");

    @Override
    public Class<ChargeLine> type() {
        return ChargeLine.class;
    }

    @Override
    public Schema schema() {
        return SCHEMA;
    }

    @Override
    public void write(ChargeLine value, Encoder encoder) throws IOException {
        encoder.writeString(value.tenant());
        encoder.writeInt(value.shard());
        encoder.writeString(value.subscription());
        AvroFields.writePeriod(value.period(), encoder);
        encoder.writeInt(value.revision());
        encoder.writeString(value.currency());
        LineItemFields.write(value.line(), encoder);
    }

    @Override
    public ChargeLine read(Decoder decoder) throws IOException {
        return new ChargeLine(
                decoder.readString(),
                decoder.readInt(),
                decoder.readString(),
                AvroFields.readPeriod(decoder),
                decoder.readInt(),
                decoder.readString(),
                LineItemFields.read(decoder));
    }
}
