package io.tallystick.schemas.codec;

import io.tallystick.schemas.event.BillingRequest.CloseReleased;
import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

final class CloseReleasedCodec implements AvroCodec<CloseReleased> {

    private static final Schema SCHEMA = AvroSchemas.load("CloseReleased");

    @Override
    public Class<CloseReleased> type() {
        return CloseReleased.class;
    }

    @Override
    public Schema schema() {
        return SCHEMA;
    }

    @Override
    public void write(CloseReleased value, Encoder encoder) throws IOException {
        encoder.writeString(value.tenant());
        encoder.writeString(value.subscription());
        AvroFields.writePeriod(value.period(), encoder);
        encoder.writeInt(value.attempt());
    }

    @Override
    public CloseReleased read(Decoder decoder) throws IOException {
        return new CloseReleased(
                decoder.readString(), decoder.readString(), AvroFields.readPeriod(decoder), decoder.readInt());
    }
}
