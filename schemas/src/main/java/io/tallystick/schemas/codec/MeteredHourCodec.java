package io.tallystick.schemas.codec;

import io.tallystick.schemas.event.MeteredHour;
import io.tallystick.schemas.value.HourWindow;
import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

final class MeteredHourCodec implements AvroCodec<MeteredHour> {

    private static final Schema SCHEMA = AvroSchemas.load("MeteredHour");

    @Override
    public Class<MeteredHour> type() {
        return MeteredHour.class;
    }

    @Override
    public Schema schema() {
        return SCHEMA;
    }

    @Override
    public void write(MeteredHour value, Encoder encoder) throws IOException {
        encoder.writeString(value.tenant());
        encoder.writeInt(value.shard());
        encoder.writeString(value.subscription());
        encoder.writeString(value.meter());
        AvroFields.writeDimensions(value.dimensions(), encoder);
        AvroFields.writeInstant(HourWindow.startOf(value.hour()), encoder);
        AvroFields.writeDecimal(value.quantity(), encoder);
    }

    @Override
    public MeteredHour read(Decoder decoder) throws IOException {
        return new MeteredHour(
                decoder.readString(),
                decoder.readInt(),
                decoder.readString(),
                decoder.readString(),
                AvroFields.readDimensions(decoder),
                HourWindow.hourOf(AvroFields.readInstant(decoder)),
                AvroFields.readDecimal(decoder));
    }
}
