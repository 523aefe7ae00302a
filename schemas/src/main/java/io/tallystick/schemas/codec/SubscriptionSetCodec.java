package io.tallystick.schemas.codec;

import io.tallystick.schemas.event.SubscriptionSet;
import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

final class SubscriptionSetCodec implements AvroCodec<SubscriptionSet> {

    private static final Schema SCHEMA = AvroSchemas.load("SubscriptionSet");

    @Override
    public Class<SubscriptionSet> type() {
        return SubscriptionSet.class;
    }

    @Override
    public Schema schema() {
        return SCHEMA;
    }

    @Override
    public void write(SubscriptionSet value, Encoder encoder) throws IOException {
        encoder.writeString(value.tenant());
        encoder.writeInt(value.shard());
        encoder.writeLong(value.sequence());
        encoder.writeInt(value.revision());
        encoder.writeString(value.subscription());
        encoder.writeString(value.document());
    }

    @Override
    public SubscriptionSet read(Decoder decoder) throws IOException {
        return new SubscriptionSet(
                decoder.readString(),
                decoder.readInt(),
                decoder.readLong(),
                decoder.readInt(),
                decoder.readString(),
                decoder.readString());
    }
}
