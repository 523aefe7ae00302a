package io.tallystick.deploy.app.replay;

import io.tallystick.schemas.event.AcceptedEvent;
import io.tallystick.schemas.event.Identity;
import io.tallystick.schemas.event.Place;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The identities that were accepted in one partition of {@code usage.accepted}. Filled by one thread, then read by any. */
final class AcceptedIdentities {

    private final Map<Identity, Taken> taken = new HashMap<>();

    /** An accepted event of an identity, and the one of that identity before it. */
    record Taken(
            long contentHash,
            int revision,
            long recordTime,
            Place place,
            @Nullable Taken before) {}

    @Nullable
    Taken of(Identity identity) {
        return taken.get(identity);
    }

    /** Gives the one before it, if there is one. */
    @Nullable
    Taken add(AcceptedEvent event) {
        Taken before = taken.get(event.identity());
        taken.put(
                event.identity(),
                new Taken(event.contentHash(), event.revision(), event.recordTime(), event.place(), before));
        return before;
    }
}
