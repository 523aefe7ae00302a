package io.tallystick.invoicer.stream;

import io.tallystick.schemas.event.BillingRequest;
import io.tallystick.schemas.event.BillingRequest.InvoiceCommandRequested;
import io.tallystick.schemas.event.Invoice;
import io.tallystick.schemas.event.InvoiceCommand.Action;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks that each draft be finalized when the review time is over, in the same way as an operator does; who voids it before then stops that. What it
 * asked is decided in the log, so that instances beside each other do no harm.
 */
public final class DraftReview implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DraftReview.class);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(15);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** What was asked and did not happen is asked again after so long. */
    private static final Duration ASK_AGAIN = Duration.ofMinutes(5);
    /** The most drafts that are asked for at once. */
    private static final int DRAFTS_MAX = 10_000;

    private final InvoiceView invoices;
    private final RequestWriter writer;
    private final InstantSource clock;
    private final Duration review;
    private final Map<String, Instant> asked = new HashMap<>();
    private final Schedule schedule = new Schedule("draft-review", LOOK_EVERY, this::look);

    /** @param review how long a draft waits for someone to look at it */
    public DraftReview(InvoiceView invoices, RequestWriter writer, InstantSource clock, Duration review) {
        this.invoices = invoices;
        this.writer = writer;
        this.clock = clock;
        this.review = review;
    }

    public void start() {
        schedule.start();
    }

    @Override
    public void close() {
        schedule.close();
    }

    /** Asks for the drafts whose time is over and that were not asked for just now. */
    void look() throws BrokersSilentException, InterruptedException {
        if (!invoices.ready()) {
            return;
        }
        Instant now = clock.instant();
        asked.values().removeIf(at -> !at.plus(ASK_AGAIN).isAfter(now));
        List<BillingRequest> requests = new ArrayList<>();
        for (Invoice draft : invoices.draftsSince(now.minus(review), DRAFTS_MAX + asked.size())) {
            if (!asked.containsKey(draft.id()) && requests.size() < DRAFTS_MAX) {
                requests.add(new InvoiceCommandRequested(
                        draft.tenant(), draft.id(), Action.FINALIZE, "the review time of " + review + " is over"));
            }
        }
        if (!requests.isEmpty()) {
            writer.write(requests, PATIENCE);
            requests.forEach(request -> asked.put(((InvoiceCommandRequested) request).invoice(), now));
            LOG.atInfo().addKeyValue("invoices", requests.size()).log("asked for drafts to be finalized");
        }
    }
}
