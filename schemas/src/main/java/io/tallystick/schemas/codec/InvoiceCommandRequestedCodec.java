package io.tallystick.schemas.codec;

import io.tallystick.schemas.event.BillingRequest.InvoiceCommandRequested;
import io.tallystick.schemas.event.InvoiceCommand;
import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

final class InvoiceCommandRequestedCodec implements AvroCodec<InvoiceCommandRequested> {

    private static final Schema SCHEMA = AvroSchemas.load("InvoiceCommandRequested");
    private static final AvroEnum<InvoiceCommand.Action> ACTION = AvroEnum.of(
            InvoiceCommand.Action.class, SCHEMA.getField("action").schema().getEnumSymbols());

    @Override
    public Class<InvoiceCommandRequested> type() {
        return InvoiceCommandRequested.class;
    }

    @Override
    public Schema schema() {
        return SCHEMA;
    }

    @Override
    public void write(InvoiceCommandRequested value, Encoder encoder) throws IOException {
        encoder.writeString(value.tenant());
        encoder.writeString(value.invoice());
        ACTION.write(value.action(), encoder);
        encoder.writeString(value.reason());
    }

    @Override
    public InvoiceCommandRequested read(Decoder decoder) throws IOException {
        return new InvoiceCommandRequested(
                decoder.readString(), decoder.readString(), ACTION.read(decoder), decoder.readString());
    }
}
