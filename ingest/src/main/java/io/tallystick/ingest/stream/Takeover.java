package io.tallystick.ingest.stream;

import io.tallystick.ingest.dedup.IdentityStore;
import io.tallystick.schemas.event.AcceptedEvent;
import io.tallystick.schemas.event.AcceptedRecord;
import io.tallystick.schemas.event.CreditSet;
import io.tallystick.schemas.event.EventVoided;
import io.tallystick.schemas.event.PeriodClosed;
import io.tallystick.schemas.event.ReadingBackfilled;
import io.tallystick.schemas.event.SubscriptionSet;

/**
 * Takes over what another space has decided: this partition remembers of each record what it would remember had it decided it. So identities stay taken,
 * closes stay done, and a tenant's sequence goes on.
 */
final class Takeover {

    private final Tenants tenants;
    private final IdentityStore identities;
    private final RequestDesk desk;
    private final VoidDesk voids;

    Takeover(Tenants tenants, IdentityStore identities, RequestDesk desk, VoidDesk voids) {
        this.tenants = tenants;
        this.identities = identities;
        this.desk = desk;
        this.voids = voids;
    }

    /** Whether the record is news, and is to be written as it stands: not when it came before. */
    boolean take(AcceptedRecord record) {
        if (!tenants.takes(record.tenant(), record.sequence())) {
            return false;
        }
        if (record instanceof AcceptedEvent event) {
            identities.add(
                    event.identity(),
                    new IdentityStore.Entry(event.contentHash(), event.place(), event.recordTime(), event.revision()));
        } else if (record instanceof SubscriptionSet set) {
            desk.isSet(set);
        } else if (record instanceof CreditSet set) {
            desk.isSet(set);
        } else if (record instanceof PeriodClosed closed) {
            desk.isClosed(closed);
        } else if (record instanceof EventVoided voided) {
            voids.voided(voided.tenant(), voided.event(), voided.sequence());
        } else if (record instanceof ReadingBackfilled filled) {
            voids.filled(filled.tenant(), filled.sequence());
        }
        return true;
    }
}
