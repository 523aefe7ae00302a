package io.tallystick.schemas.codec;

import static io.tallystick.schemas.codec.AvroFields.readList;
import static io.tallystick.schemas.codec.AvroFields.writeList;

import io.tallystick.schemas.event.AcceptedEvent;
import io.tallystick.schemas.event.Place;
import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

final class AcceptedEventCodec implements AvroCodec<AcceptedEvent> {

    private static final Schema SCHEMA = AvroSchemas.load("AcceptedEvent");

    @Override
    public Class<AcceptedEvent> type() {
        return AcceptedEvent.class;
    }

    @Override
    public Schema schema() {
        return SCHEMA;
    }

    @Override
    public void write(AcceptedEvent event, Encoder encoder) throws IOException {
        encoder.writeString(event.tenant());
        encoder.writeInt(event.shard());
        encoder.writeLong(event.sequence());
        encoder.writeInt(event.place().partition());
        encoder.writeLong(event.place().offset());
        IdentityFields.write(event.identity(), encoder);
        encoder.writeLong(event.contentHash());
        encoder.writeInt(event.revision());
        encoder.writeLong(event.time());
        encoder.writeLong(event.recordTime());
        writeList(event.readings(), ReadingFields::write, encoder);
    }

    @Override
    public AcceptedEvent read(Decoder decoder) throws IOException {
        String tenant = decoder.readString();
        int shard = decoder.readInt();
        long sequence = decoder.readLong();
        int partition = decoder.readInt();
        Place place = new Place(partition, decoder.readLong());
        return new AcceptedEvent(
                tenant,
                shard,
                sequence,
                place,
                IdentityFields.read(decoder),
                decoder.readLong(),
                decoder.readInt(),
                decoder.readLong(),
                decoder.readLong(),
                readList(ReadingFields::read, decoder));
    }
}
