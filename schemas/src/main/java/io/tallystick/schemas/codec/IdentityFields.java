package io.tallystick.schemas.codec;

import io.tallystick.schemas.event.Identity;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

/** How an {@link Identity} is written: 16 bytes. */
final class IdentityFields {

    private static final int LENGTH = 16;
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private IdentityFields() {}

    static void write(Identity identity, Encoder encoder) throws IOException {
        byte[] bytes = new byte[LENGTH];
        LONG.set(bytes, 0, identity.high());
        LONG.set(bytes, 8, identity.low());
        encoder.writeFixed(bytes);
    }

    static Identity read(Decoder decoder) throws IOException {
        byte[] bytes = new byte[LENGTH];
        decoder.readFixed(bytes);
        return new Identity((long) LONG.get(bytes, 0), (long) LONG.get(bytes, 8));
    }
}
