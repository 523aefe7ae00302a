package io.tallystick.schemas.codec;

import io.tallystick.schemas.event.BillingRequest.RevisionRequested;
import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

final class RevisionRequestedCodec implements AvroCodec<RevisionRequested> {

    private static final Schema SCHEMA = AvroSchemas.load("RevisionRequested");

    @Override
    public Class<RevisionRequested> type() {
        return RevisionRequested.class;
    }

    @Override
    public Schema schema() {
        return SCHEMA;
    }

    @Override
    public void write(RevisionRequested value, Encoder encoder) throws IOException {
        encoder.writeInt(value.partition());
        encoder.writeInt(value.revision());
        encoder.writeString(value.hash());
    }

    @Override
    public RevisionRequested read(Decoder decoder) throws IOException {
        return new RevisionRequested(decoder.readInt(), decoder.readInt(), decoder.readString());
    }
}
