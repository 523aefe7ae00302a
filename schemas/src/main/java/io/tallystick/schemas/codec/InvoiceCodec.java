package io.tallystick.schemas.codec;

import io.tallystick.schemas.event.Invoice;
import io.tallystick.schemas.event.InvoiceChange;
import io.tallystick.schemas.event.InvoiceStatus;
import java.io.IOException;
import java.time.LocalDate;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

final class InvoiceCodec implements AvroCodec<Invoice> {

    private static final Schema SCHEMA = AvroSchemas.load("Invoice");
    private static final AvroEnum<InvoiceStatus> STATUS = AvroEnum.of(
            InvoiceStatus.class, List.of("DRAFT", "FINALIZED", "PAID", "PAYMENT_FAILED", "UNCOLLECTIBLE", "VOID"));

    @Override
    public Class<Invoice> type() {
        return Invoice.class;
    }

    @Override
    public Schema schema() {
        return SCHEMA;
    }

    @Override
    public void write(Invoice value, Encoder encoder) throws IOException {
        encoder.writeString(value.id());
        encoder.writeString(value.number());
        encoder.writeString(value.tenant());
        encoder.writeInt(value.shard());
        encoder.writeString(value.subscription());
        AvroFields.writePeriod(value.period(), encoder);
        encoder.writeInt(Math.toIntExact(value.firstDay().toEpochDay()));
        encoder.writeInt(value.attempt());
        encoder.writeString(value.currency());
        STATUS.write(value.status(), encoder);
        AvroFields.writeList(value.lines(), LineItemFields::write, encoder);
        AvroFields.writeDecimal(value.total(), encoder);
        AvroFields.writeList(value.shadow(), ShadowChargeCodec::writeShadow, encoder);
        encoder.writeString(value.digest());
        encoder.writeInt(value.revision());
        encoder.writeString(value.catalogRevision());
        AvroFields.writeList(value.cut(), PeriodClosedCodec::writeCut, encoder);
        encoder.writeLong(value.sequence());
        encoder.writeString(value.reason());
        AvroFields.writeList(value.history(), InvoiceCodec::writeChange, encoder);
    }

    private static void writeChange(InvoiceChange change, Encoder encoder) throws IOException {
        STATUS.write(change.status(), encoder);
        AvroFields.writeInstant(change.at(), encoder);
        encoder.writeLong(change.sequence());
        encoder.writeString(change.reason());
    }

    private static InvoiceChange readChange(Decoder decoder) throws IOException {
        return new InvoiceChange(
                STATUS.read(decoder), AvroFields.readInstant(decoder), decoder.readLong(), decoder.readString());
    }

    @Override
    public Invoice read(Decoder decoder) throws IOException {
        return new Invoice(
                decoder.readString(),
                decoder.readString(),
                decoder.readString(),
                decoder.readInt(),
                decoder.readString(),
                AvroFields.readPeriod(decoder),
                LocalDate.ofEpochDay(decoder.readInt()),
                decoder.readInt(),
                decoder.readString(),
                STATUS.read(decoder),
                AvroFields.readList(LineItemFields::read, decoder),
                AvroFields.readDecimal(decoder),
                AvroFields.readList(ShadowChargeCodec::readShadow, decoder),
                decoder.readString(),
                decoder.readInt(),
                decoder.readString(),
                AvroFields.readList(PeriodClosedCodec::readCut, decoder),
                decoder.readLong(),
                decoder.readString(),
                AvroFields.readList(InvoiceCodec::readChange, decoder));
    }
}
