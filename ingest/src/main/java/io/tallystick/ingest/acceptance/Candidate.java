package io.tallystick.ingest.acceptance;

import io.tallystick.schemas.event.Identity;
import io.tallystick.schemas.event.Reading;
import java.util.List;

/**
 * An event that is accepted unless its identity was before.
 *
 * @param time when the usage happened, milliseconds since the epoch
 * @param contentHash under the revision that decided
 */
public record Candidate(String tenant, Identity identity, long contentHash, long time, List<Reading> readings)
        implements Decision {

    public Candidate {
        readings = List.copyOf(readings);
    }
}
