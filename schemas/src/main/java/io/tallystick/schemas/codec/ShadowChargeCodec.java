package io.tallystick.schemas.codec;

import io.tallystick.schemas.event.Shadow;
import io.tallystick.schemas.event.ShadowCharge;
import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

final class ShadowChargeCodec implements AvroCodec<ShadowCharge> {

    private static final Schema SCHEMA = AvroSchemas.load("ShadowCharge");

    @Override
    public Class<ShadowCharge> type() {
        return ShadowCharge.class;
    }

    @Override
    public Schema schema() {
        return SCHEMA;
    }

    @Override
    public void write(ShadowCharge value, Encoder encoder) throws IOException {
        encoder.writeString(value.tenant());
        encoder.writeInt(value.shard());
        encoder.writeString(value.subscription());
        AvroFields.writePeriod(value.period(), encoder);
        encoder.writeInt(value.revision());
        encoder.writeString(value.currency());
        writeShadow(value.shadow(), encoder);
    }

    @Override
    public ShadowCharge read(Decoder decoder) throws IOException {
        return new ShadowCharge(
                decoder.readString(),
                decoder.readInt(),
                decoder.readString(),
                AvroFields.readPeriod(decoder),
                decoder.readInt(),
                decoder.readString(),
                readShadow(decoder));
    }

    static void writeShadow(Shadow shadow, Encoder encoder) throws IOException {
        encoder.writeString(shadow.pricingVersion());
        AvroFields.writeDecimal(shadow.total(), encoder);
        AvroFields.writeDecimal(shadow.difference(), encoder);
        encoder.writeString(shadow.explanation());
    }

    static Shadow readShadow(Decoder decoder) throws IOException {
        return new Shadow(
                decoder.readString(),
                AvroFields.readDecimal(decoder),
                AvroFields.readDecimal(decoder),
                decoder.readString());
    }
}
