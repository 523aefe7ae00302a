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

    /** A grant of prepaid credit shall stand as its canonical JSON says. Ignored when it came with this or a later revision already. */
    record CreditRequested(String tenant, int revision, String credit, String document) implements BillingRequest {}

    /**
     * A billing period shall be closed behind everything that stands in front of {@code endOffsets}.
     *
     * @param attempt 1, one more for each reissue, or {@link PeriodClosed#ADJUSTMENTS}
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

    /** A wish for one invoice, or a report of its payment. */
    record InvoiceCommandRequested(String tenant, String invoice, InvoiceCommand.Action action, String reason)
            implements BillingRequest {}

    /**
     * What a meter that was added later reads from the events in {@code [startOffset, endOffset)} of one partition of {@code usage.accepted}.
     * Ignored as far as ingest has taken the same from an earlier one.
     *
     * @param since the first catalogue revision that has the meter as it is: all events under it and later ones were decided with it
     * @param revision of the catalogue that the readings were made under
     * @param from only events at this time or later, milliseconds since the epoch
     * @param until only events before this time: from there on they were filled already
     * @param isLast whether every event behind {@code endOffset} was decided with the meter
     */
    record ReadingsBackfilled(
            int partition,
            String meter,
            int since,
            int revision,
            long from,
            long until,
            long startOffset,
            long endOffset,
            boolean isLast,
            List<MissedReading> readings)
            implements BillingRequest {
        public ReadingsBackfilled {
            readings = List.copyOf(readings);
        }

        @Override
        public String tenant() {
            return "";
        }
    }

    /**
     * What a meter reads from one event.
     *
     * @param offset of its record in {@code usage.accepted}
     * @param sequence of that record
     * @param place in {@code usage.events}
     * @param time of the event, milliseconds since the epoch
     */
    record MissedReading(long offset, String tenant, long sequence, Place place, long time, Reading reading) {}

    /**
     * An accepted event shall count no more. Ignored when it is voided already, is too old, or when a reading was filled in for its tenant that the request
     * does not know of.
     *
     * @param event the sequence of the event
     * @param place of the event in {@code usage.events}
     * @param revision of the catalogue that the event was decided under
     * @param time of the event, milliseconds since the epoch
     * @param readings of the event, and what was filled in for it later
     * @param seen the sequence up to which the tenant's log was read for them
     * @param reason in the operator's words
     * @param requestedAt milliseconds since the epoch, for people to read; decides nothing
     */
    record EventVoidRequested(
            String tenant,
            long event,
            Place place,
            Identity identity,
            int revision,
            long time,
            List<Reading> readings,
            long seen,
            String reason,
            long requestedAt)
            implements BillingRequest {
        public EventVoidRequested {
            readings = List.copyOf(readings);
        }
    }
}
