package io.tallystick.schemas.codec;

import io.tallystick.schemas.event.BillingRequest.SubscriptionRequested;
import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

final class SubscriptionRequestedCodec implements AvroCodec<SubscriptionRequested> {

    private static final Schema SCHEMA = AvroSchemas.load("SubscriptionRequested");

    @Override
    public Class<SubscriptionRequested> type() {
        return SubscriptionRequested.class;
    }

    @Override
    public Schema schema() {
        return SCHEMA;
    }

    @Override
    public void write(SubscriptionRequested value, Encoder encoder) throws IOException {
        encoder.writeString(value.tenant());
        encoder.writeInt(value.revision());
        encoder.writeString(value.subscription());
        encoder.writeString(value.document());
    }

    @Override
    public SubscriptionRequested read(Decoder decoder) throws IOException {
        return new SubscriptionRequested(
                decoder.readString(), decoder.readInt(), decoder.readString(), decoder.readString());
    }
}
