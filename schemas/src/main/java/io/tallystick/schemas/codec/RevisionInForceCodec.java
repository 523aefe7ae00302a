package io.tallystick.schemas.codec;

import io.tallystick.schemas.event.RevisionInForce;
import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

final class RevisionInForceCodec implements AvroCodec<RevisionInForce> {

    private static final Schema SCHEMA = AvroSchemas.load("RevisionInForce");

    @Override
    public Class<RevisionInForce> type() {
        return RevisionInForce.class;
    }

    @Override
    public Schema schema() {
        return SCHEMA;
    }

    @Override
    public void write(RevisionInForce value, Encoder encoder) throws IOException {
        encoder.writeInt(value.shard());
        encoder.writeLong(value.sequence());
        encoder.writeInt(value.partition());
        encoder.writeInt(value.revision());
        encoder.writeString(value.hash());
    }

    @Override
    public RevisionInForce read(Decoder decoder) throws IOException {
        return new RevisionInForce(
                decoder.readInt(), decoder.readLong(), decoder.readInt(), decoder.readInt(), decoder.readString());
    }
}
