package io.tallystick.rater.stream;

import io.tallystick.rater.pricing.UsageSource;
import io.tallystick.rater.stream.DirtyTenants.Hours;
import io.tallystick.schemas.catalog.CatalogRevision;
import io.tallystick.schemas.catalog.Subscription;
import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.Alert;
import io.tallystick.schemas.event.Control;
import io.tallystick.schemas.event.Coverage;
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
    private KeyValueStore<String, Long> newestHours;
    private WindowStore windows;
    private UsageCache usage;
    private SubscriptionBook subscriptions;
    private ChargeBook charges;
    private LateUsage late;
    private LimitAlerts limits;
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
        revisionStore = context.getStateStore(RaterTopology.REVISION);
        newestHours = context.getStateStore(RaterTopology.NEWEST_HOURS);
        windows = new WindowStore(
                context.getStateStore(RaterTopology.WINDOWS), context.getStateStore(RaterTopology.LEVELS));
        usage = new UsageCache(windows);
        subscriptions = new SubscriptionBook(
                context.getStateStore(RaterTopology.SUBSCRIPTIONS),
                context.getStateStore(RaterTopology.CLOSED),
                subscriptionParser);
        charges = new ChargeBook(
                context.getStateStore(RaterTopology.CHARGES), context.getStateStore(RaterTopology.BOOKED));
        late = new LateUsage(context.getStateStore(RaterTopology.LATE));
        limits = new LimitAlerts(context.getStateStore(RaterTopology.ALERTED));
        pacer = CommitPacer.on(context);
        PreCommitHook hook = context.getStateStore(RaterTopology.COMMIT_HOOK);
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
        pacer.dirty();
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
        Optional<WindowTotal> before = windows.put(total, record.value());
        usage.put(total);
        Long newest = newestHours.get(tenant);
        long first = total.hour();
        if (newest == null || total.hour() > newest) {
            newestHours.put(tenant, total.hour());
            // A period that usage has just gone past without any is open from now on too.
            first = newest == null ? Long.MIN_VALUE : newest;
        }
        boolean holdsOn = total.state() instanceof Levels;
        dirty.add(tenant, new Hours(first, holdsOn ? Long.MAX_VALUE : total.hour(), record.timestamp()));
        limits.touched(tenant, total.hour());
        if (revision != null) {
            late.report(revision.catalog(), subscriptions.of(tenant), before, total, record.timestamp())
                    .forEach(alert -> context.forward(
                            new Record<>(tenant, TopicCodecs.ALERTS.encode(alert), record.timestamp()),
                            RaterTopology.ALERTS_SINK));
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
        if (control instanceof SubscriptionSet set) {
            subscriptions.set(set);
            retractPeriodsNotOpen(set, record.timestamp());
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
        if (subscription.isClosed(closed.period())) {
            emitter.emit(record.key(), TopicCodecs.CHARGES.encode(closed.withCoverage(Coverage.EMPTY)));
            return;
        }
        rate(tenant, subscription, closed.period(), record.timestamp());
        Coverage coverage = charges.coverage(tenant, closed.subscription(), closed.period());
        emitter.emit(record.key(), TopicCodecs.CHARGES.encode(closed.withCoverage(coverage)));
        charges.book(tenant, closed.subscription(), closed.period(), emitter);
        subscriptions.close(closed);
        limits.forget(subscription.subscription(), closed.period());
        // The next period may be open from now on although it has no usage yet.
        dirty.add(tenant, new Hours(HourWindow.hourOf(closed.period().end()), Long.MAX_VALUE, record.timestamp()));
    }

    private void beforeCommit() {
        rateAllDirty();
        Iterator<String> left = stale.iterator();
        for (int i = 0; i < STALE_TENANTS_PER_COMMIT && left.hasNext(); i++) {
            String tenant = left.next();
            left.remove();
            rate(tenant, Hours.all(context.currentStreamTimeMs()));
        }
        pacer.committed();
        if (!stale.isEmpty()) {
            pacer.dirty();
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
            for (Period period : subscription.open(newestHour(tenant))) {
                if (HourWindow.hourOf(period.start()) <= hours.last()
                        && hours.first() < HourWindow.hourOf(period.end())) {
                    rate(tenant, subscription, period, hours.timestamp());
                }
            }
            alertDays(tenant, subscription, hours.timestamp());
        }
        limits.evaluated(tenant);
    }

    private void alertDays(String tenant, BilledSubscription subscription, long timestamp) {
        limits.days(subscription, newestHour(tenant)).forEach(day -> {
            TenantUsage found = usage.from(tenant, LimitAlerts.firstHourFor(subscription, day));
            UsageSource source = found.source(inForce(tenant).catalog());
            alert(
                    limits.onDay(inForce(tenant).catalog(), subscription.subscription(), day, source, timestamp),
                    timestamp);
        });
    }

    private void rate(String tenant, BilledSubscription subscription, Period period, long timestamp) {
        TenantUsage found = usage.from(tenant, HourWindow.hourOf(period.start()));
        TenantRating rating = TenantRating.of(inForce(tenant), subscription.subscription(), period, found);
        UnratedUsage.alerts(rating.rated(), subscription.subscription(), timestamp)
                .filter(alert -> !charges.stands(RecordKeys.chargeLine(
                        tenant, subscription.subscription().subscription(), period, alert.line())))
                .forEach(alert -> alert(List.of(alert.alert()), timestamp));
        alert(limits.inPeriod(subscription.subscription(), rating.rated(), timestamp), timestamp);
        charges.replace(
                tenant, subscription.subscription().subscription(), period, rating.records(), emitter(timestamp));
    }

    private CatalogRevision inForce(String tenant) {
        if (revision == null) {
            throw new IllegalStateException("a subscription of tenant " + tenant + " came before any revision");
        }
        return revision;
    }

    private void alert(List<Alert> alerts, long timestamp) {
        for (Alert alert : alerts) {
            context.forward(
                    new Record<>(alert.tenant(), TopicCodecs.ALERTS.encode(alert), timestamp),
                    RaterTopology.ALERTS_SINK);
        }
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
