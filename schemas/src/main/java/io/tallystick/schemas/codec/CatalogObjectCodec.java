package io.tallystick.schemas.codec;

import io.tallystick.schemas.event.CatalogRecord.CatalogObject;
import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

final class CatalogObjectCodec implements AvroCodec<CatalogObject> {

    private static final Schema SCHEMA = AvroSchemas.load("CatalogObject");

    @Override
    public Class<CatalogObject> type() {
        return CatalogObject.class;
    }

    @Override
    public Schema schema() {
        return SCHEMA;
    }

    @Override
    public void write(CatalogObject value, Encoder encoder) throws IOException {
        encoder.writeString(value.hash());
        encoder.writeString(value.document());
    }

    @Override
    public CatalogObject read(Decoder decoder) throws IOException {
        return new CatalogObject(decoder.readString(), decoder.readString());
    }
}
