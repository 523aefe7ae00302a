package io.tallystick.schemas.codec;

import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

/**
 * How one record type is written as Avro. Written by hand against its {@code .avsc}, which is the published contract: no
 * reflection on the path of every event. A test holds the two together.
 *
 * <p>A change of a record is a new schema and a new codec beside the old one; the old one goes on reading what it wrote.
 */
public interface AvroCodec<T> {

    /** The record's class: what a topic's serde chooses a codec by when it writes. */
    Class<T> type();

    /** What is written; its fingerprint stands in front of every value. */
    Schema schema();

    void write(T value, Encoder encoder) throws IOException;

    T read(Decoder decoder) throws IOException;
}
