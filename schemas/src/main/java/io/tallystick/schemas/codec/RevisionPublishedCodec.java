package io.tallystick.schemas.codec;

import io.tallystick.schemas.event.CatalogRecord.RevisionPublished;
import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

final class RevisionPublishedCodec implements AvroCodec<RevisionPublished> {

    private static final Schema SCHEMA = AvroSchemas.load("RevisionPublished");

    @Override
    public Class<RevisionPublished> type() {
        return RevisionPublished.class;
    }

    @Override
    public Schema schema() {
        return SCHEMA;
    }

    @Override
    public void write(RevisionPublished value, Encoder encoder) throws IOException {
        encoder.writeInt(value.number());
        encoder.writeString(value.manifest());
    }

    @Override
    public RevisionPublished read(Decoder decoder) throws IOException {
        return new RevisionPublished(decoder.readInt(), decoder.readString());
    }
}
