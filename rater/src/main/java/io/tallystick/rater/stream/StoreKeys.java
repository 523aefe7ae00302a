package io.tallystick.rater.stream;

import io.tallystick.schemas.event.WindowTotal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.utils.Bytes;

/**
 * The keys of the rater's stores: parts with their length in front (two bytes, or four for what may be long), so that no two keys
 * run into each other and everything of a tenant is one stretch. Hours are in order, also those before 1970.
 */
final class StoreKeys {

    private static final long SIGN = Long.MIN_VALUE;

    private StoreKeys() {}

    /** tenant, hour, meter, dimensions, part: all windows of a tenant's period are one stretch. */
    static Bytes window(WindowTotal total) {
        List<byte[]> parts = new ArrayList<>();
        parts.add(utf8(total.meter()));
        for (Map.Entry<String, String> dimension : total.dimensions().values().entrySet()) {
            parts.add(utf8(dimension.getKey()));
            parts.add(utf8(dimension.getValue()));
        }
        byte[] tenant = utf8(total.tenant());
        int length = Integer.BYTES + tenant.length + Long.BYTES + Integer.BYTES;
        for (byte[] part : parts) {
            length += Integer.BYTES + part.length;
        }
        ByteBuffer key = ByteBuffer.allocate(length);
        key.putInt(tenant.length).put(tenant).putLong(total.hour() ^ SIGN);
        for (byte[] part : parts) {
            key.putInt(part.length).put(part);
        }
        return Bytes.wrap(key.putInt(total.part()).array());
    }

    /** Where the windows of a tenant's hour begin. */
    static Bytes hour(String tenant, long hour) {
        byte[] name = utf8(tenant);
        return Bytes.wrap(ByteBuffer.allocate(Integer.BYTES + name.length + Long.BYTES)
                .putInt(name.length)
                .put(name)
                .putLong(hour ^ SIGN)
                .array());
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
