package io.tallystick.schemas.codec;

import io.tallystick.schemas.event.BillingRequest.CloseRequested;
import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

final class CloseRequestedCodec implements AvroCodec<CloseRequested> {

    private static final Schema SCHEMA = AvroSchemas.load("CloseRequested");

    @Override
    public Class<CloseRequested> type() {
        return CloseRequested.class;
    }

    @Override
    public Schema schema() {
        return SCHEMA;
    }

    @Override
    public void write(CloseRequested value, Encoder encoder) throws IOException {
        encoder.writeString(value.tenant());
        encoder.writeString(value.subscription());
        AvroFields.writePeriod(value.period(), encoder);
        encoder.writeInt(value.attempt());
        AvroFields.writeList(value.endOffsets(), (offset, out) -> out.writeLong(offset), encoder);
        encoder.writeLong(value.requestedAt());
    }

    @Override
    public CloseRequested read(Decoder decoder) throws IOException {
        return new CloseRequested(
                decoder.readString(),
                decoder.readString(),
                AvroFields.readPeriod(decoder),
                decoder.readInt(),
                AvroFields.readList(Decoder::readLong, decoder),
                decoder.readLong());
    }
}
