package io.tallystick.schemas.codec;

import io.tallystick.schemas.event.CreditSet;
import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

final class CreditSetCodec implements AvroCodec<CreditSet> {

    private static final Schema SCHEMA = AvroSchemas.load("CreditSet");

    @Override
    public Class<CreditSet> type() {
        return CreditSet.class;
    }

    @Override
    public Schema schema() {
        return SCHEMA;
    }

    @Override
    public void write(CreditSet value, Encoder encoder) throws IOException {
        encoder.writeString(value.tenant());
        encoder.writeInt(value.shard());
        encoder.writeLong(value.sequence());
        encoder.writeInt(value.revision());
        encoder.writeString(value.credit());
        encoder.writeString(value.document());
    }

    @Override
    public CreditSet read(Decoder decoder) throws IOException {
        return new CreditSet(
                decoder.readString(),
                decoder.readInt(),
                decoder.readLong(),
                decoder.readInt(),
                decoder.readString(),
                decoder.readString());
    }
}
