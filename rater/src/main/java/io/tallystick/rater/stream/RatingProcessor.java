package io.tallystick.rater.stream;

import static io.tallystick.schemas.value.HourWindow.hourOf;

import io.tallystick.rater.pricing.Spending;
import io.tallystick.rater.pricing.UsageSource;
import io.tallystick.rater.stream.DirtyTenants.Hours;
import io.tallystick.rater.stream.LateBooking.Correction;
import io.tallystick.schemas.catalog.Catalog;
import io.tallystick.schemas.catalog.CatalogRevision;
import io.tallystick.schemas.catalog.Subscription;
import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.Alert;
import io.tallystick.schemas.event.Control;
import io.tallystick.schemas.event.Coverage;
import io.tallystick.schemas.event.CreditSet;
import io.tallystick.schemas.event.InvoiceCommand;
import io.tallystick.schemas.event.LineItem;
import io.tallystick.schemas.event.PeriodClosed;
import io.tallystick.schemas.event.RevisionInForce;
import io.tallystick.schemas.event.SubscriptionSet;
import io.tallystick.schemas.event.TotalRecord;
import io.tallystick.schemas.event.WindowTotal;
import io.tallystick.schemas.stream.CommitPacer;
import io.tallystick.schemas.stream.PreCommitHook;
import io.tallystick.schemas.stream.RevisionsInForce;
import io.tallystick.schemas.topic.CatalogReader;
import io.tallystick.schemas.topic.RecordKeys;
import io.tallystick.schemas.value.HourWindow;
import io.tallystick.schemas.value.Levels;
import io.tallystick.schemas.value.Period;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Keeps every window total and, once per commit and in front of each control of a tenant, rates what changed of the tenant's open
 * periods. What a period costs is decided by {@code rater.pricing} alone.
 */
final class RatingProcessor implements Processor<String, byte[], String, byte[]> {

    static final String IN_FORCE = "in-force";
    /** Before all usage: the newest hour of a tenant that has none. */
    static final long NO_HOUR = -1_000_000_000L;

    private static final int TENANTS_ON_HEAP_MAX = 10_000;

    private static final String RATED = "rated";
    /** Tenants that a new revision concerns are rated in steps, so that no commit takes long. */
    private static final int STALE_TENANTS_PER_COMMIT = 500;

    private final CatalogReader catalog;
    private final Function<String, Subscription> subscriptionParser;
    private final RevisionsInForce revisions;
    private final DirtyTenants dirty = new DirtyTenants();
    private final Set<String> stale = new LinkedHashSet<>();

    // Set by init, which comes before everything else.
    private ProcessorContext<String, byte[]> context;
    private KeyValueStore<String, Integer> revisionStore;
    private RecentRows<String, Long> newestHours;
    private WindowStore windows;
    private UsageCache usage;
    private SubscriptionBook subscriptions;
    private ChargeBook charges;
    private LateUsage late;
    private LateBooking booking;
    private Reclosing reclosing;
    private SpendingBook spending;
    private LimitAlerts limits;
    private CreditBook credits;
    private OutsideRating outside;
    private CommitPacer pacer;
    private @Nullable CatalogRevision revision;

    @SuppressWarnings("NullAway.Init")
    RatingProcessor(
            CatalogReader catalog, Function<String, Subscription> subscriptionParser, RevisionsInForce revisions) {
        this.catalog = catalog;
        this.subscriptionParser = subscriptionParser;
        this.revisions = revisions;
    }

    @Override
    public void init(ProcessorContext<String, byte[]> context) {
        this.context = context;
        dirty.clear(); // a task that is revived starts again from its stores
        stale.clear();
        revision = null;
        revisionStore = RaterTopology.REVISION.in(context);
        newestHours = new RecentRows<>(RaterTopology.NEWEST_HOURS.in(context), TENANTS_ON_HEAP_MAX);
        windows = new WindowStore(RaterTopology.WINDOWS.in(context), RaterTopology.LEVELS.in(context));
        usage = new UsageCache(windows);
        subscriptions = new SubscriptionBook(
                RaterTopology.SUBSCRIPTIONS.in(context), RaterTopology.CLOSED.in(context), subscriptionParser);
        charges = new ChargeBook(RaterTopology.CHARGES.in(context), RaterTopology.BOOKED.in(context));
        late = new LateUsage(RaterTopology.LATE.in(context));
        AdjustmentLedger ledger = new AdjustmentLedger(RaterTopology.ADJUSTED.in(context));
        credits = new CreditBook(RaterTopology.CREDITS.in(context));
        booking = new LateBooking(catalog, subscriptionParser, subscriptions, charges, usage, ledger, credits);
        limits = new LimitAlerts(RaterTopology.ALERTED.in(context));
        reclosing = new Reclosing(catalog, subscriptions, charges, usage, late, booking, ledger, credits);
        outside = new OutsideRating(this::inForce);
        spending = new SpendingBook(RaterTopology.SPENT.in(context));
        pacer = CommitPacer.on(context);
        PreCommitHook hook = context.getStateStore(PreCommitHook.NAME);
        hook.onCommit(context, this::beforeCommit);

        int inForce = stored(IN_FORCE);
        if (inForce > 0) {
            revision = catalog.revision(inForce, CatalogReader.PATIENCE);
            if (stored(RATED) < inForce) {
                subscriptions.forEachTenant(stale::add); // the process ended in the middle of it
            }
        }
        revisions.taken(context.taskId().partition(), inForce);
    }

    @Override
    public void process(Record<String, byte[]> record) {
        pacer.dirty(record.timestamp());
        TotalRecord total = TopicCodecs.TOTALS.decode(record.value());
        if (total instanceof WindowTotal window) {
            take(window, record);
        } else {
            pass((Control) total, record);
        }
    }

    @Override
    public void close() {
        revisions.left(context.taskId().partition());
    }

    private void take(WindowTotal total, Record<String, byte[]> record) {
        String tenant = total.tenant();
        // Asked for where it matters, since it is asked of RocksDB.
        boolean isLate = revision != null && LateUsage.concerns(subscriptions, total);
        Optional<WindowTotal> before = isLate ? windows.find(total) : Optional.empty();
        windows.put(total, record.value());
        usage.put(total);
        Long newest = newestHours.get(tenant);
        long first = total.hour();
        if (newest == null || total.hour() > newest) {
            newestHours.put(tenant, total.hour());
            // A period that usage has just gone past without any is open from now on too.
            first = newest == null ? Long.MIN_VALUE : newest;
        }
        boolean holdsOn = total.state() instanceof Levels;
        long at = record.timestamp();
        outside.pass(total, subscriptions.of(tenant).values(), emitter(at));
        dirty.add(tenant, new Hours(first, holdsOn ? Long.MAX_VALUE : total.hour(), at, at));
        limits.touched(tenant, total.hour());
        if (isLate && revision != null) {
            List<Alert> alerts = late.report(revision.catalog(), subscriptions, before, total, at);
            if (!alerts.isEmpty()) {
                subscriptions
                        .of(tenant)
                        .values()
                        .forEach(subscription -> dirty.add(
                                tenant,
                                Hours.from(hourOf(subscription.firstOpen().start()), at)));
                alert(alerts, at);
            }
        }
    }

    private void pass(Control control, Record<String, byte[]> record) {
        if (control instanceof RevisionInForce inForce) {
            rateAllDirty();
            enforce(inForce);
        } else {
            rateIfDirty(control.tenant());
        }
        if (control instanceof PeriodClosed closed) {
            close(closed, record);
            return;
        }
        if (control instanceof CreditSet set) {
            credits.set(set);
            dirty.add(set.tenant(), Hours.all(record.timestamp()));
            return;
        }
        if (control instanceof InvoiceCommand command && reclosing.take(command)) {
            dirty.add(command.tenant(), Hours.all(record.timestamp()));
        }
        if (control instanceof SubscriptionSet set) {
            subscriptions.set(set);
            retractPeriodsNotOpen(set, record.timestamp());
            passOpenHours(set, record.timestamp());
            dirty.add(set.tenant(), Hours.all(record.timestamp()));
        }
        context.forward(record, RaterTopology.CHARGES_SINK);
    }

    /** A subscription may have been given an earlier end, or another start as long as it did not run. */
    private void retractPeriodsNotOpen(SubscriptionSet set, long timestamp) {
        BilledSubscription subscription =
                Objects.requireNonNull(subscriptions.of(set.tenant()).get(set.subscription()));
        charges.retain(
                set.tenant(), set.subscription(), subscription.open(newestHour(set.tenant())), emitter(timestamp));
    }

    /** Its provider may do the rating from now on. What is passed again is known to be the same. */
    private void passOpenHours(SubscriptionSet set, long timestamp) {
        BilledSubscription subscription =
                Objects.requireNonNull(subscriptions.of(set.tenant()).get(set.subscription()));
        if (OutsideRating.isFor(subscription)) {
            windows.forEachFrom(
                    set.tenant(),
                    hourOf(subscription.firstOpen().start()),
                    total -> outside.pass(total, List.of(subscription), emitter(timestamp)));
        }
    }

    private void enforce(RevisionInForce inForce) {
        revision = catalog.revision(inForce.revision(), CatalogReader.PATIENCE);
        revisionStore.put(IN_FORCE, inForce.revision());
        stale.clear();
        subscriptions.forEachTenant(stale::add);
        revisions.taken(context.taskId().partition(), inForce.revision());
    }

    private void close(PeriodClosed closed, Record<String, byte[]> record) {
        String tenant = closed.tenant();
        Coverage found = windows.coverage(tenant, closed.period());
        if (!found.equals(closed.coverage())) {
            throw new IllegalStateException("the close of " + closed.subscription() + " from "
                    + closed.period().start() + " of tenant " + tenant + " covers " + closed.coverage()
                    + ", but here are " + found + " in front of it");
        }
        BilledSubscription subscription = subscriptions.of(tenant).get(closed.subscription());
        if (subscription == null) {
            throw new IllegalStateException(
                    "a period of subscription " + closed.subscription() + " closes before the subscription came");
        }
        ChargeBook.Emitter emitter = emitter(record.timestamp());
        Instant at = Instant.ofEpochMilli(record.timestamp());
        if (closed.attempt() == PeriodClosed.ADJUSTMENTS || subscription.isClosed(closed.period())) {
            reclosing.close(closed, subscription, at, emitter);
            dirty.add(tenant, Hours.all(record.timestamp())); // fewer corrections and less prepaid credit may be left
            return;
        }
        List<Correction> corrections = corrections(subscription, closed.period(), at);
        TenantRating rating = rate(subscription, closed.period(), corrections, record.timestamp());
        boolean paid = credits.use(
                closed,
                subscription.subscription(),
                rating.linesWith(LateBooking.lines(corrections)),
                rating.payments());
        Coverage coverage = charges.coverage(tenant, closed.subscription(), closed.period());
        emitter.emit(record.key(), TopicCodecs.CHARGES.encode(closed.withCoverage(coverage)));
        charges.book(tenant, closed.subscription(), closed.period(), emitter);
        if (subscription.takesCorrections(closed.period())) {
            paid |= booking.book(subscription, closed, corrections, at);
            late.forget(subscription);
        }
        subscriptions.close(closed, at);
        limits.forget(subscription.subscription(), closed.period());
        usage.forget(tenant);
        // The next period may be open from now on although it has no usage yet.
        dirty.add(tenant, Hours.from(hourOf(closed.period().end()), record.timestamp()));
        if (paid) {
            dirty.add(tenant, Hours.all(record.timestamp())); // less, or more, is left for the other open periods
        }
    }

    private void beforeCommit() {
        pacer.committing();
        rateAllDirty();
        Iterator<String> left = stale.iterator();
        for (int i = 0; i < STALE_TENANTS_PER_COMMIT && left.hasNext(); i++) {
            String tenant = left.next();
            left.remove();
            rate(tenant, Hours.all(context.currentStreamTimeMs()));
        }
        pacer.committed();
        if (!stale.isEmpty()) {
            pacer.dirty(context.currentStreamTimeMs());
        } else if (revision != null && stored(RATED) < revision.number()) {
            revisionStore.put(RATED, revision.number());
        }
    }

    private void rateAllDirty() {
        dirty.drain(this::rate);
    }

    private void rateIfDirty(String tenant) {
        Hours hours = dirty.take(tenant);
        if (stale.remove(tenant)) {
            hours = Hours.all(context.currentStreamTimeMs());
        }
        if (hours != null) {
            rate(tenant, hours);
        }
    }

    private void rate(String tenant, Hours hours) {
        for (BilledSubscription subscription : subscriptions.of(tenant).values()) {
            List<Period> open = subscription.open(newestHour(tenant));
            for (int i = 0; i < open.size(); i++) {
                Period period = open.get(i);
                if (hours.touch(period)) {
                    Instant now = Instant.ofEpochMilli(hours.timestamp());
                    TenantRating rating =
                            rate(subscription, period, corrections(subscription, period, now), hours.timestamp());
                    if (i == open.size() - 1) {
                        spent(subscription, rating, hours);
                    }
                }
            }
            alertDays(tenant, subscription, hours.timestamp());
        }
        limits.evaluated(tenant);
    }

    private void alertDays(String tenant, BilledSubscription subscription, long timestamp) {
        limits.days(subscription, newestHour(tenant)).forEach(day -> {
            TenantUsage found = usage.from(tenant, LimitAlerts.firstHourFor(subscription, day));
            UsageSource source = found.source(inForce().catalog());
            alert(limits.onDay(inForce().catalog(), subscription.subscription(), day, source, timestamp), timestamp);
        });
    }

    /** What the close of a period books of others. */
    private List<Correction> corrections(BilledSubscription subscription, Period period, Instant now) {
        return subscription.takesCorrections(period) ? booking.corrections(subscription, now) : List.of();
    }

    private TenantRating rate(BilledSubscription billed, Period period, List<Correction> corrections, long timestamp) {
        CatalogRevision inForce = inForce();
        Subscription subscription = billed.subscription();
        TenantUsage found = usage.from(subscription.tenant(), hourOf(period.start()));
        List<LineItem> corrected = LateBooking.lines(corrections);
        TenantRating own = TenantRating.of(inForce, subscription, period, found);
        TenantRating rating = own.with(inForce, subscription, corrected)
                .paid(
                        inForce,
                        subscription,
                        credits.payments(subscription, period, own.rated().currency(), own.linesWith(corrected)));
        alert(
                UnratedUsage.alerts(rating.rated(), subscription, timestamp)
                        .filter(alert -> !charges.stands(RecordKeys.chargeLine(
                                subscription.tenant(), subscription.subscription(), period, alert.line())))
                        .map(UnratedUsage.LineAlert::alert)
                        .toList(),
                timestamp);
        alert(limits.inPeriod(subscription, rating.rated(), timestamp), timestamp);
        charges.replace(
                subscription.tenant(), subscription.subscription(), period, rating.records(), emitter(timestamp));
        return rating;
    }

    private void spent(BilledSubscription billed, TenantRating rating, Hours hours) {
        Subscription subscription = billed.subscription();
        Catalog catalog = inForce().catalog();
        long newest = newestHour(subscription.tenant());
        Period period = rating.rated().period();
        Period day = Spending.dayOf(subscription, newest == NO_HOUR ? period.start() : HourWindow.startOf(newest));
        BigDecimal inPeriod = Spending.of(rating.rated());
        BigDecimal onDay = BigDecimal.ZERO.setScale(inPeriod.scale());
        if (subscription.limits() != null && subscription.limits().day() != null) {
            TenantUsage found = usage.from(subscription.tenant(), LimitAlerts.firstHourFor(billed, day));
            onDay = new Spending(catalog, subscription, found.source(catalog)).on(day);
        }
        spending.put(subscription, new Spent(period, inPeriod, day, onDay, Instant.ofEpochMilli(hours.usedAt())));
    }

    private void alert(List<Alert> alerts, long timestamp) {
        for (Alert alert : alerts) {
            context.forward(
                    new Record<>(alert.tenant(), TopicCodecs.ALERTS.encode(alert), timestamp),
                    RaterTopology.ALERTS_SINK);
        }
    }

    private CatalogRevision inForce() {
        if (revision == null) {
            throw new IllegalStateException("a subscription came before any revision");
        }
        return revision;
    }

    private long newestHour(String tenant) {
        Long newest = newestHours.get(tenant);
        return newest == null ? NO_HOUR : newest;
    }

    private int stored(String name) {
        Integer number = revisionStore.get(name);
        return number == null ? 0 : number;
    }

    @SuppressWarnings("NullAway") // null is a tombstone
    private ChargeBook.Emitter emitter(long timestamp) {
        return (key, value) -> context.forward(new Record<>(key, value, timestamp), RaterTopology.CHARGES_SINK);
    }
}
