package io.tallystick.schemas.codec;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** The published schemas: one {@code .avsc} file per record type, self-contained. */
public final class AvroSchemas {

    private static final String FOLDER = "/io/tallystick/schemas/avro/";

    private AvroSchemas() {}

    /** Reads {@code name.avsc}; a missing or broken file is a bug. */
    public static Schema load(String name) {
        try (@Nullable InputStream avsc = AvroSchemas.class.getResourceAsStream(FOLDER + name + ".avsc")) {
            if (avsc == null) {
                throw new IllegalStateException("no schema " + FOLDER + name + ".avsc");
            }
            return new Schema.Parser().parse(avsc);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
