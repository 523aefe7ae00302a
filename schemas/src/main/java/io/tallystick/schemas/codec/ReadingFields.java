package io.tallystick.schemas.codec;

import io.tallystick.schemas.event.Reading;
import java.io.IOException;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

/** How one meter's reading is written, wherever it stands. */
final class ReadingFields {

    private ReadingFields() {}

    static void write(Reading reading, Encoder encoder) throws IOException {
        encoder.writeString(reading.meter());
        AvroFields.writeDimensions(reading.dimensions(), encoder);
        AvroFields.writeOptional(reading.value(), AvroFields::writeDecimal, encoder);
        AvroFields.writeOptional(reading.text(), AvroFields::writeText, encoder);
    }

    static Reading read(Decoder decoder) throws IOException {
        return new Reading(
                decoder.readString(),
                AvroFields.readDimensions(decoder),
                AvroFields.readOptional(AvroFields::readDecimal, decoder),
                AvroFields.readOptional(AvroFields::readText, decoder));
    }
}
