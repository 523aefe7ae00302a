package io.tallystick.schemas.codec;

import io.tallystick.schemas.event.WindowTotal;
import io.tallystick.schemas.value.HourWindow;
import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

final class WindowTotalCodec implements AvroCodec<WindowTotal> {

    private static final Schema SCHEMA = AvroSchemas.load("WindowTotal");

    @Override
    public Class<WindowTotal> type() {
        return WindowTotal.class;
    }

    @Override
    public Schema schema() {
        return SCHEMA;
    }

    @Override
    public void write(WindowTotal total, Encoder encoder) throws IOException {
        encoder.writeString(total.tenant());
        encoder.writeInt(total.shard());
        encoder.writeString(total.meter());
        AvroFields.writeDimensions(total.dimensions(), encoder);
        encoder.writeLong(total.hour() * HourWindow.MILLIS);
        encoder.writeInt(total.part());
        encoder.writeLong(total.sequence());
        WindowStateCodec.write(total.state(), encoder);
    }

    @Override
    public WindowTotal read(Decoder decoder) throws IOException {
        return new WindowTotal(
                decoder.readString(),
                decoder.readInt(),
                decoder.readString(),
                AvroFields.readDimensions(decoder),
                HourWindow.hourOf(decoder.readLong()),
                decoder.readInt(),
                decoder.readLong(),
                WindowStateCodec.read(decoder));
    }
}
