package io.tallystick.schemas.event;

import io.tallystick.schemas.value.Period;
import java.util.List;

/** A record of {@code billing.requests}: what was asked of ingest, and how far it is. Asking twice is harmless. */
public sealed interface BillingRequest {

    /** The tenant whose partition it goes to; "" for what concerns a whole partition. */
    String tenant();

    /** A catalogue revision shall be in force in {@code partition}. Ignored when it, or a later one, already is. */
    record RevisionRequested(int partition, int revision, String hash) implements BillingRequest {
        @Override
        public String tenant() {
            return "";
        }
    }

    /** A subscription shall stand as its canonical JSON says. Ignored when it came with this or a later revision already. */
    record SubscriptionRequested(String tenant, int revision, String subscription, String document)
            implements BillingRequest {}

    /**
     * A billing period shall be closed behind everything that stands in front of {@code endOffsets}.
     *
     * @param endOffsets the end of every partition of {@code usage.events} at the request, by partition
     * @param requestedAt milliseconds since the epoch, for people to read; decides nothing
     */
    record CloseRequested(
            String tenant, String subscription, Period period, int attempt, List<Long> endOffsets, long requestedAt)
            implements BillingRequest {
        public CloseRequested {
            endOffsets = List.copyOf(endOffsets);
        }
    }

    /** Ingest has committed past everything that stood in front of the close: the marker may be written. */
    record CloseReleased(String tenant, String subscription, Period period, int attempt) implements BillingRequest {}

    /** The dead letters of a partition in front of an offset have been sent again, as far as {@code revision} may change what becomes of them. */
    record DeadLettersRedriven(int partition, long endOffset, int revision) implements BillingRequest {
        @Override
        public String tenant() {
            return "";
        }
    }

    /** An operator's wish for one invoice. */
    record InvoiceCommandRequested(String tenant, String invoice, InvoiceCommand.Action action, String reason)
            implements BillingRequest {}
}
