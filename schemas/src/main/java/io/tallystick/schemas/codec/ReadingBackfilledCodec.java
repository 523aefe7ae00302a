package io.tallystick.schemas.codec;

import io.tallystick.schemas.event.Place;
import io.tallystick.schemas.event.ReadingBackfilled;
import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

final class ReadingBackfilledCodec implements AvroCodec<ReadingBackfilled> {

    private static final Schema SCHEMA = AvroSchemas.load("ReadingBackfilled");

    @Override
    public Class<ReadingBackfilled> type() {
        return ReadingBackfilled.class;
    }

    @Override
    public Schema schema() {
        return SCHEMA;
    }

    @Override
    public void write(ReadingBackfilled value, Encoder encoder) throws IOException {
        encoder.writeString(value.tenant());
        encoder.writeInt(value.shard());
        encoder.writeLong(value.sequence());
        encoder.writeLong(value.event());
        encoder.writeInt(value.place().partition());
        encoder.writeLong(value.place().offset());
        encoder.writeInt(value.revision());
        encoder.writeLong(value.time());
        ReadingFields.write(value.reading(), encoder);
    }

    @Override
    public ReadingBackfilled read(Decoder decoder) throws IOException {
        String tenant = decoder.readString();
        int shard = decoder.readInt();
        long sequence = decoder.readLong();
        long event = decoder.readLong();
        int partition = decoder.readInt();
        Place place = new Place(partition, decoder.readLong());
        return new ReadingBackfilled(
                tenant,
                shard,
                sequence,
                event,
                place,
                decoder.readInt(),
                decoder.readLong(),
                ReadingFields.read(decoder));
    }
}
