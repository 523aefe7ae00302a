package io.tallystick.schemas.codec;

import io.tallystick.schemas.event.BillingRequest.DeadLettersRedriven;
import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

final class DeadLettersRedrivenCodec implements AvroCodec<DeadLettersRedriven> {

    private static final Schema SCHEMA = AvroSchemas.load("DeadLettersRedriven");

    @Override
    public Class<DeadLettersRedriven> type() {
        return DeadLettersRedriven.class;
    }

    @Override
    public Schema schema() {
        return SCHEMA;
    }

    @Override
    public void write(DeadLettersRedriven value, Encoder encoder) throws IOException {
        encoder.writeInt(value.partition());
        encoder.writeLong(value.endOffset());
        encoder.writeInt(value.revision());
    }

    @Override
    public DeadLettersRedriven read(Decoder decoder) throws IOException {
        return new DeadLettersRedriven(decoder.readInt(), decoder.readLong(), decoder.readInt());
    }
}
