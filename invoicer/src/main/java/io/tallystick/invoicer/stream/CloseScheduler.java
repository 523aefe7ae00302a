package io.tallystick.invoicer.stream;

import io.tallystick.invoicer.stream.CloseRequester.Closing;
import io.tallystick.schemas.catalog.Catalog;
import io.tallystick.schemas.catalog.Subscription;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks for the close of each billing period when it has been over for the grace time, in the same way as an operator does. It looks at a clock to decide
 * when to ask, and at nothing else: what an invoice holds is decided by where the marker then stands in the log.
 *
 * <p>It remembers nothing. What was asked and what is done stands in the log; after a crash, or beside other instances, it asks at worst once more, which
 * is harmless.
 */
public final class CloseScheduler implements AutoCloseable {

    /** How long usage may still come in front of the close, unless configured. */
    public static final Duration GRACE = Duration.ofHours(1);

    private static final Logger LOG = LoggerFactory.getLogger(CloseScheduler.class);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(15);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final CloseRequester requester;
    private final RequestView requests;
    private final InvoiceView invoices;
    private final Supplier<Catalog> catalog;
    private final InstantSource clock;
    private final Duration grace;
    private @Nullable LocalDate adjusted;
    private final Schedule schedule = new Schedule("close-scheduler", LOOK_EVERY, this::look);

    public CloseScheduler(
            CloseRequester requester,
            RequestView requests,
            InvoiceView invoices,
            Supplier<Catalog> catalog,
            InstantSource clock,
            Duration grace) {
        this.requester = requester;
        this.requests = requests;
        this.invoices = invoices;
        this.catalog = catalog;
        this.clock = clock;
        this.grace = grace;
    }

    public void start() {
        schedule.start();
    }

    @Override
    public void close() {
        schedule.close();
    }

    /** Asks for what is due and was not asked for. */
    void look() throws BrokersSilentException, CloseRequester.TooManyPeriodsException, InterruptedException {
        if (!invoices.ready() || !requests.ready()) {
            return;
        }
        Instant now = clock.instant();
        List<Closing> due = requester
                .due(
                        catalog.get().subscriptions().values(),
                        subscription -> isSettled(subscription, now) ? now.minus(grace) : Instant.MIN)
                .stream()
                .filter(closing -> !requests.isPending(closing.subscription(), closing.period()))
                .toList();
        if (!due.isEmpty()) {
            requester.request(due, now, PATIENCE);
            LOG.atInfo().addKeyValue("periods", due.size()).log("asked for the close of billing periods");
        }
        adjust(now);
    }

    // Once a UTC day, and once more after a start, which is harmless.
    private void adjust(Instant now) throws BrokersSilentException, InterruptedException {
        LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
        if (!today.equals(adjusted)) {
            requester.requestAdjustments(
                    catalog.get().subscriptions().values().stream()
                            .filter(subscription -> isSettled(subscription, now))
                            .toList(),
                    now.minus(grace),
                    now,
                    PATIENCE);
            adjusted = today;
        }
    }

    // A subscription that is applied after the end of its first periods gets the grace time too, and so does one that
    // is
    // given an end behind it: its usage may just be coming in.
    private boolean isSettled(Subscription subscription, Instant now) {
        return requests.changedAt(subscription.subscription())
                .filter(applied -> !applied.plus(grace).isAfter(now))
                .isPresent();
    }
}
