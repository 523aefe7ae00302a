package io.tallystick.schemas.codec;

import io.tallystick.schemas.event.BillingRequest.CreditRequested;
import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

final class CreditRequestedCodec implements AvroCodec<CreditRequested> {

    private static final Schema SCHEMA = AvroSchemas.load("CreditRequested");

    @Override
    public Class<CreditRequested> type() {
        return CreditRequested.class;
    }

    @Override
    public Schema schema() {
        return SCHEMA;
    }

    @Override
    public void write(CreditRequested value, Encoder encoder) throws IOException {
        encoder.writeString(value.tenant());
        encoder.writeInt(value.revision());
        encoder.writeString(value.credit());
        encoder.writeString(value.document());
    }

    @Override
    public CreditRequested read(Decoder decoder) throws IOException {
        return new CreditRequested(decoder.readString(), decoder.readInt(), decoder.readString(), decoder.readString());
    }
}
