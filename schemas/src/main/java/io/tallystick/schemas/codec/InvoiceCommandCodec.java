package io.tallystick.schemas.codec;

import io.tallystick.schemas.event.InvoiceCommand;
import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

final class InvoiceCommandCodec implements AvroCodec<InvoiceCommand> {

    private static final Schema SCHEMA = AvroSchemas.load("InvoiceCommand");
    private static final AvroEnum<InvoiceCommand.Action> ACTION = AvroEnum.of(
            InvoiceCommand.Action.class, SCHEMA.getField("action").schema().getEnumSymbols());

    @Override
    public Class<InvoiceCommand> type() {
        return InvoiceCommand.class;
    }

    @Override
    public Schema schema() {
        return SCHEMA;
    }

    @Override
    public void write(InvoiceCommand value, Encoder encoder) throws IOException {
        encoder.writeString(value.tenant());
        encoder.writeInt(value.shard());
        encoder.writeLong(value.sequence());
        encoder.writeInt(value.revision());
        encoder.writeString(value.invoice());
        ACTION.write(value.action(), encoder);
        encoder.writeString(value.reason());
    }

    @Override
    public InvoiceCommand read(Decoder decoder) throws IOException {
        return new InvoiceCommand(
                decoder.readString(),
                decoder.readInt(),
                decoder.readLong(),
                decoder.readInt(),
                decoder.readString(),
                ACTION.read(decoder),
                decoder.readString());
    }
}
