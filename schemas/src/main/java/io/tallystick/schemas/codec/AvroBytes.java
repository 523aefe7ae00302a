package io.tallystick.schemas.codec;

import io.tallystick.schemas.codec.AvroFields.Writer;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Values as Avro's binary encoding writes them, with nothing in front: for what is read with the code that wrote it. */
public final class AvroBytes {

    private static final byte[] NOTHING = {};
    private static final ThreadLocal<ArrayEncoder> ENCODERS = ThreadLocal.withInitial(ArrayEncoder::new);

    private AvroBytes() {}

    /** @param writer must not call this itself */
    public static <T> byte[] of(T value, Writer<? super T> writer) {
        ArrayEncoder encoder = ENCODERS.get().reset(NOTHING);
        try {
            writer.write(value, encoder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return encoder.toBytes();
    }
}
