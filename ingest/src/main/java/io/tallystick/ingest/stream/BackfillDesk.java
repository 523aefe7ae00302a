package io.tallystick.ingest.stream;

import io.tallystick.ingest.backfill.BackfillProgress;
import io.tallystick.schemas.event.BillingRequest.MissedReading;
import io.tallystick.schemas.event.BillingRequest.ReadingsBackfilled;
import io.tallystick.schemas.value.CanonicalJson;
import java.util.List;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** Remembers how far each meter is filled in one partition, so that nothing is filled twice. */
final class BackfillDesk {

    private final KeyValueStore<String, byte[]> backfills;

    /** @param backfills how far each meter is filled, see {@link BackfillProgress} */
    BackfillDesk(KeyValueStore<String, byte[]> backfills) {
        this.backfills = backfills;
    }

    /** What is to be written of a request. */
    List<MissedReading> take(ReadingsBackfilled request) {
        String key = CanonicalJson.write(List.of(request.meter(), request.since()));
        byte @Nullable [] stored = backfills.get(key);
        BackfillProgress before = stored == null ? BackfillProgress.NONE : BackfillProgress.of(stored);
        BackfillProgress after = before.after(request);
        if (after.equals(before)) {
            return List.of();
        }
        backfills.put(key, after.toBytes());
        return before.missing(request);
    }
}
