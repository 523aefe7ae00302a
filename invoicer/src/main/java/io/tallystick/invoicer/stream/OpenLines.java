package io.tallystick.invoicer.stream;

import io.tallystick.schemas.codec.ChargesCoverage;
import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.ChargeLine;
import io.tallystick.schemas.event.ChargeRecord;
import io.tallystick.schemas.event.Coverage;
import io.tallystick.schemas.event.LineItem;
import io.tallystick.schemas.event.PeriodClosed;
import io.tallystick.schemas.event.Shadow;
import io.tallystick.schemas.event.ShadowCharge;
import io.tallystick.schemas.topic.RecordKeys;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/** The lines and shadows of the open periods, as bytes and under the keys that they have on {@code billing.charges}. */
final class OpenLines {

    private final KeyValueStore<String, byte[]> store;

    OpenLines(KeyValueStore<String, byte[]> store) {
        this.store = store;
    }

    /** All that was charged in one period of one subscription. */
    record Period(List<LineItem> lines, List<Shadow> shadows) {}

    void put(String key, byte[] value) {
        store.put(key, value);
    }

    void remove(String key) {
        store.delete(key);
    }

    /**
     * Takes out what stands in front of a close marker.
     *
     * @throws IllegalStateException when that is not what the marker vouches for: something was lost or doubled on the way, and going on would bill it
     */
    Period takeAll(PeriodClosed closed) {
        List<String> keys = new ArrayList<>();
        List<LineItem> lines = new ArrayList<>();
        List<Shadow> shadows = new ArrayList<>();
        Coverage found = Coverage.EMPTY;
        try (KeyValueIterator<String, byte[]> entries = store.prefixScan(prefix(closed), new StringSerializer())) {
            while (entries.hasNext()) {
                KeyValue<String, byte[]> entry = entries.next();
                keys.add(entry.key);
                found = ChargesCoverage.plus(found, entry.value);
                ChargeRecord charge = TopicCodecs.CHARGES.decode(entry.value);
                if (charge instanceof ChargeLine line) {
                    lines.add(line.line());
                } else {
                    shadows.add(((ShadowCharge) charge).shadow());
                }
            }
        }
        if (!found.equals(closed.coverage())) {
            throw new IllegalStateException("the close of " + closed.subscription() + " from "
                    + closed.period().start() + " of tenant " + closed.tenant() + " covers " + closed.coverage()
                    + ", but here are " + found + " in front of it");
        }
        keys.forEach(store::delete);
        return new Period(lines, shadows);
    }

    /** What the keys of all lines of a period begin with: the key of a line without a name, less the end of it. */
    private static String prefix(PeriodClosed closed) {
        String nameless = RecordKeys.chargeLine(closed.tenant(), closed.subscription(), closed.period(), "");
        return nameless.substring(0, nameless.length() - "\"]".length());
    }
}
