package io.tallystick.schemas.codec;

import static io.tallystick.schemas.codec.AvroFields.readList;
import static io.tallystick.schemas.codec.AvroFields.writeList;

import io.tallystick.schemas.event.AcceptedEvent;
import io.tallystick.schemas.event.Identity;
import io.tallystick.schemas.event.Place;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.apache.avro.Schema;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

final class AcceptedEventCodec implements AvroCodec<AcceptedEvent> {

    private static final Schema SCHEMA = AvroSchemas.load("AcceptedEvent");
    private static final int IDENTITY_LENGTH = 16;
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

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
        byte[] identity = new byte[IDENTITY_LENGTH];
        LONG.set(identity, 0, event.identity().high());
        LONG.set(identity, 8, event.identity().low());
        encoder.writeFixed(identity);
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
        byte[] identity = new byte[IDENTITY_LENGTH];
        decoder.readFixed(identity);
        return new AcceptedEvent(
                tenant,
                shard,
                sequence,
                place,
                new Identity((long) LONG.get(identity, 0), (long) LONG.get(identity, 8)),
                decoder.readLong(),
                decoder.readInt(),
                decoder.readLong(),
                decoder.readLong(),
                readList(ReadingFields::read, decoder));
    }
}
