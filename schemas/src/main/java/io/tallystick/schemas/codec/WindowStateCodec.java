package io.tallystick.schemas.codec;

import io.tallystick.schemas.value.CountSum;
import io.tallystick.schemas.value.WindowState;
import java.io.IOException;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

/** How a {@link WindowState} is written: an Avro union of one record per kind of state, in the order of {@code WindowTotal.avsc}. */
public final class WindowStateCodec {

    private static final int COUNT_SUM = 0;

    private WindowStateCodec() {}

    public static void write(WindowState state, Encoder encoder) throws IOException {
        CountSum countSum = (CountSum) state;
        encoder.writeIndex(COUNT_SUM);
        encoder.writeLong(countSum.count());
        AvroFields.writeDecimal(countSum.sum(), encoder);
    }

    public static WindowState read(Decoder decoder) throws IOException {
        int kind = decoder.readIndex();
        if (kind != COUNT_SUM) {
            throw new IOException("no window state of kind " + kind);
        }
        return new CountSum(decoder.readLong(), AvroFields.readDecimal(decoder));
    }
}
