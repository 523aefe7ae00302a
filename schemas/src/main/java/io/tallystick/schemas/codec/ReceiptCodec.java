package io.tallystick.schemas.codec;

import io.tallystick.schemas.event.Receipt;
import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

final class ReceiptCodec implements AvroCodec<Receipt> {

    private static final Schema SCHEMA = AvroSchemas.load("Receipt");
    private static final AvroEnum<Receipt.Kind> KIND =
            AvroEnum.of(Receipt.Kind.class, SCHEMA.getField("kind").schema().getEnumSymbols());

    @Override
    public Class<Receipt> type() {
        return Receipt.class;
    }

    @Override
    public Schema schema() {
        return SCHEMA;
    }

    @Override
    public void write(Receipt value, Encoder encoder) throws IOException {
        encoder.writeString(value.tenant());
        encoder.writeString(value.delivery());
        KIND.write(value.kind(), encoder);
        encoder.writeInt(value.step());
        encoder.writeInt(value.revision());
        AvroFields.writeInstant(value.at(), encoder);
        encoder.writeInt(value.status());
        encoder.writeString(value.code());
        encoder.writeString(value.object());
        encoder.writeString(value.detail());
    }

    @Override
    public Receipt read(Decoder decoder) throws IOException {
        return new Receipt(
                decoder.readString(),
                decoder.readString(),
                KIND.read(decoder),
                decoder.readInt(),
                decoder.readInt(),
                AvroFields.readInstant(decoder),
                decoder.readInt(),
                decoder.readString(),
                decoder.readString(),
                decoder.readString());
    }
}
