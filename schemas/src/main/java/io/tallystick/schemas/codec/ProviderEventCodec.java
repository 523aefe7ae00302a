package io.tallystick.schemas.codec;

import io.tallystick.schemas.event.ProviderEvent;
import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

final class ProviderEventCodec implements AvroCodec<ProviderEvent> {

    private static final Schema SCHEMA = AvroSchemas.load("ProviderEvent");

    @Override
    public Class<ProviderEvent> type() {
        return ProviderEvent.class;
    }

    @Override
    public Schema schema() {
        return SCHEMA;
    }

    @Override
    public void write(ProviderEvent value, Encoder encoder) throws IOException {
        encoder.writeString(value.tenant());
        encoder.writeString(value.provider());
        encoder.writeString(value.event());
        encoder.writeString(value.type());
        encoder.writeString(value.object());
        encoder.writeString(value.status());
        AvroFields.writeInstant(value.at(), encoder);
        encoder.writeString(value.body());
    }

    @Override
    public ProviderEvent read(Decoder decoder) throws IOException {
        return new ProviderEvent(
                decoder.readString(),
                decoder.readString(),
                decoder.readString(),
                decoder.readString(),
                decoder.readString(),
                decoder.readString(),
                AvroFields.readInstant(decoder),
                decoder.readString());
    }
}
