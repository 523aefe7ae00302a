package io.tallystick.ingest.stream;

import io.tallystick.ingest.acceptance.VoidOutcome;
import io.tallystick.schemas.event.BillingRequest.EventVoidRequested;
import io.tallystick.schemas.value.CanonicalJson;
import java.util.List;
import org.apache.kafka.streams.state.KeyValueStore;

/** Remembers which events of one partition are voided, so that none is voided twice, and nothing is filled in for one that is. */
final class VoidDesk {

    private static final String FILLED = "#filled";

    private final KeyValueStore<String, Long> voids;

    /** @param voids the sequence of each voided event's void, and of the last reading that was filled in for each tenant */
    VoidDesk(KeyValueStore<String, Long> voids) {
        this.voids = voids;
    }

    VoidOutcome decide(EventVoidRequested request, long now) {
        Long filled = voids.get(filledKey(request.tenant()));
        return VoidOutcome.of(request, now, isVoided(request.tenant(), request.event()), filled == null ? 0 : filled);
    }

    /** The event is voided by the record of this sequence. */
    void voided(String tenant, long event, long sequence) {
        voids.put(key(tenant, event), sequence);
    }

    boolean isVoided(String tenant, long event) {
        return voids.get(key(tenant, event)) != null;
    }

    /** A reading was filled in for the tenant by the record of this sequence. */
    void filled(String tenant, long sequence) {
        voids.put(filledKey(tenant), sequence);
    }

    private static String key(String tenant, long event) {
        return CanonicalJson.write(List.of(tenant, event));
    }

    private static String filledKey(String tenant) {
        return CanonicalJson.write(List.of(tenant, FILLED));
    }
}
