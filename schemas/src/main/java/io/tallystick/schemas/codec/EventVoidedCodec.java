package io.tallystick.schemas.codec;

import io.tallystick.schemas.event.EventVoided;
import io.tallystick.schemas.event.Place;
import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

final class EventVoidedCodec implements AvroCodec<EventVoided> {

    private static final Schema SCHEMA = AvroSchemas.load("EventVoided");

    @Override
    public Class<EventVoided> type() {
        return EventVoided.class;
    }

    @Override
    public Schema schema() {
        return SCHEMA;
    }

    @Override
    public void write(EventVoided value, Encoder encoder) throws IOException {
        encoder.writeString(value.tenant());
        encoder.writeInt(value.shard());
        encoder.writeLong(value.sequence());
        encoder.writeLong(value.event());
        encoder.writeInt(value.place().partition());
        encoder.writeLong(value.place().offset());
        IdentityFields.write(value.identity(), encoder);
        encoder.writeInt(value.revision());
        encoder.writeLong(value.time());
        AvroFields.writeList(value.readings(), ReadingFields::write, encoder);
        encoder.writeString(value.reason());
        encoder.writeLong(value.requestedAt());
    }

    @Override
    public EventVoided read(Decoder decoder) throws IOException {
        String tenant = decoder.readString();
        int shard = decoder.readInt();
        long sequence = decoder.readLong();
        long event = decoder.readLong();
        int partition = decoder.readInt();
        Place place = new Place(partition, decoder.readLong());
        return new EventVoided(
                tenant,
                shard,
                sequence,
                event,
                place,
                IdentityFields.read(decoder),
                decoder.readInt(),
                decoder.readLong(),
                AvroFields.readList(ReadingFields::read, decoder),
                decoder.readString(),
                decoder.readLong());
    }
}
