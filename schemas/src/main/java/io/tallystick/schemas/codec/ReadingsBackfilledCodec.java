package io.tallystick.schemas.codec;

import io.tallystick.schemas.event.BillingRequest.MissedReading;
import io.tallystick.schemas.event.BillingRequest.ReadingsBackfilled;
import io.tallystick.schemas.event.Place;
import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

final class ReadingsBackfilledCodec implements AvroCodec<ReadingsBackfilled> {

    private static final Schema SCHEMA = AvroSchemas.load("ReadingsBackfilled");

    @Override
    public Class<ReadingsBackfilled> type() {
        return ReadingsBackfilled.class;
    }

    @Override
    public Schema schema() {
        return SCHEMA;
    }

    @Override
    public void write(ReadingsBackfilled value, Encoder encoder) throws IOException {
        encoder.writeInt(value.partition());
        encoder.writeString(value.meter());
        encoder.writeInt(value.since());
        encoder.writeInt(value.revision());
        encoder.writeLong(value.from());
        encoder.writeLong(value.until());
        encoder.writeLong(value.startOffset());
        encoder.writeLong(value.endOffset());
        encoder.writeBoolean(value.isLast());
        AvroFields.writeList(value.readings(), ReadingsBackfilledCodec::writeMissed, encoder);
    }

    @Override
    public ReadingsBackfilled read(Decoder decoder) throws IOException {
        return new ReadingsBackfilled(
                decoder.readInt(),
                decoder.readString(),
                decoder.readInt(),
                decoder.readInt(),
                decoder.readLong(),
                decoder.readLong(),
                decoder.readLong(),
                decoder.readLong(),
                decoder.readBoolean(),
                AvroFields.readList(ReadingsBackfilledCodec::readMissed, decoder));
    }

    private static void writeMissed(MissedReading missed, Encoder encoder) throws IOException {
        encoder.writeLong(missed.offset());
        encoder.writeString(missed.tenant());
        encoder.writeLong(missed.sequence());
        encoder.writeInt(missed.place().partition());
        encoder.writeLong(missed.place().offset());
        encoder.writeLong(missed.time());
        ReadingFields.write(missed.reading(), encoder);
    }

    private static MissedReading readMissed(Decoder decoder) throws IOException {
        long offset = decoder.readLong();
        String tenant = decoder.readString();
        long sequence = decoder.readLong();
        int partition = decoder.readInt();
        Place place = new Place(partition, decoder.readLong());
        return new MissedReading(offset, tenant, sequence, place, decoder.readLong(), ReadingFields.read(decoder));
    }
}
