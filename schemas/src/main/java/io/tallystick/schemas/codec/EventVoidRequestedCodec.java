package io.tallystick.schemas.codec;

import io.tallystick.schemas.event.BillingRequest.EventVoidRequested;
import io.tallystick.schemas.event.Place;
import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

final class EventVoidRequestedCodec implements AvroCodec<EventVoidRequested> {

    private static final Schema SCHEMA = AvroSchemas.load("EventVoidRequested");

    @Override
    public Class<EventVoidRequested> type() {
        return EventVoidRequested.class;
    }

    @Override
    public Schema schema() {
        return SCHEMA;
    }

    @Override
    public void write(EventVoidRequested value, Encoder encoder) throws IOException {
        encoder.writeString(value.tenant());
        encoder.writeLong(value.event());
        encoder.writeInt(value.place().partition());
        encoder.writeLong(value.place().offset());
        IdentityFields.write(value.identity(), encoder);
        encoder.writeInt(value.revision());
        encoder.writeLong(value.time());
        AvroFields.writeList(value.readings(), ReadingFields::write, encoder);
        encoder.writeLong(value.seen());
        encoder.writeString(value.reason());
        encoder.writeLong(value.requestedAt());
    }

    @Override
    public EventVoidRequested read(Decoder decoder) throws IOException {
        String tenant = decoder.readString();
        long event = decoder.readLong();
        int partition = decoder.readInt();
        Place place = new Place(partition, decoder.readLong());
        return new EventVoidRequested(
                tenant,
                event,
                place,
                IdentityFields.read(decoder),
                decoder.readInt(),
                decoder.readLong(),
                AvroFields.readList(ReadingFields::read, decoder),
                decoder.readLong(),
                decoder.readString(),
                decoder.readLong());
    }
}
