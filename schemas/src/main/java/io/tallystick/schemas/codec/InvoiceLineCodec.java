package io.tallystick.schemas.codec;

import io.tallystick.schemas.event.InvoiceLine;
import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

final class InvoiceLineCodec implements AvroCodec<InvoiceLine> {

    private static final Schema SCHEMA = AvroSchemas.load("InvoiceLine");

    @Override
    public Class<InvoiceLine> type() {
        return InvoiceLine.class;
    }

    @Override
    public Schema schema() {
        return SCHEMA;
    }

    @Override
    public void write(InvoiceLine value, Encoder encoder) throws IOException {
        encoder.writeString(value.tenant());
        encoder.writeInt(value.shard());
        encoder.writeString(value.invoice());
        encoder.writeString(value.number());
        encoder.writeString(value.subscription());
        AvroFields.writePeriod(value.period(), encoder);
        encoder.writeString(value.currency());
        encoder.writeInt(value.position());
        encoder.writeInt(value.lines());
        LineItemFields.write(value.line(), encoder);
    }

    @Override
    public InvoiceLine read(Decoder decoder) throws IOException {
        return new InvoiceLine(
                decoder.readString(),
                decoder.readInt(),
                decoder.readString(),
                decoder.readString(),
                decoder.readString(),
                AvroFields.readPeriod(decoder),
                decoder.readString(),
                decoder.readInt(),
                decoder.readInt(),
                LineItemFields.read(decoder));
    }
}
