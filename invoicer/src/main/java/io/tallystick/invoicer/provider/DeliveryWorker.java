package io.tallystick.invoicer.provider;

import io.tallystick.invoicer.delivery.DeliveryAlerts;
import io.tallystick.invoicer.delivery.DeliveryLifecycle;
import io.tallystick.invoicer.delivery.DeliveryState;
import io.tallystick.invoicer.delivery.InvoiceDeliveries;
import io.tallystick.invoicer.delivery.Outcome;
import io.tallystick.invoicer.delivery.RetrySchedule;
import io.tallystick.invoicer.delivery.TokenBucket;
import io.tallystick.schemas.event.Delivery;
import io.tallystick.schemas.event.Delivery.Action;
import io.tallystick.schemas.event.Receipt;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongUnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings deliveries to their providers. Those of one customer and meter go one after the other, in their order; different ones go side by side.
 *
 * <p>It may die at any point: what it is about to send is noted before, and what came of it behind. Whatever is missing between the two is settled by the
 * identities of the requests, or looked up; see {@link DeliveryLifecycle}.
 */
public final class DeliveryWorker implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DeliveryWorker.class);
    private static final Duration LOCKED_FOR = Duration.ofSeconds(30);
    private static final Duration PAUSE_AFTER_ERROR = Duration.ofSeconds(2);
    private static final Duration WAIT_FOR_OTHER = Duration.ofSeconds(1);
    private static final String PREDECESSOR_STANDS = "predecessor_stands";

    private final Map<String, PaymentProvider> providers;
    private final ReceiptWriter receipts;
    private final AlertWriter alerts;
    private final InstantSource clock;
    private final LongUnaryOperator random;
    private final Map<String, TokenBucket> buckets = new HashMap<>();
    private final Map<LaneKey, Lane> lanes = new ConcurrentHashMap<>();
    private final DelayQueue<Lane> due = new DelayQueue<>();
    private final Map<String, DeliveryState> invoices = new ConcurrentHashMap<>();
    private final Map<HourKey, BigDecimal> usage = new ConcurrentHashMap<>();
    private final List<Thread> threads = new ArrayList<>();

    private record LaneKey(int partition, String provider, String customer, String meter) {}

    private record HourKey(int partition, String customer, String meter, long hour) {}

    /**
     * How fast it goes.
     *
     * @param threads how many requests are under way at once, at most
     * @param requestsPerSecond by the limit's name; 0, or none named, for no limit
     */
    public record Settings(int threads, Map<String, Long> requestsPerSecond) {
        public Settings {
            requestsPerSecond = Map.copyOf(requestsPerSecond);
        }
    }

    /**
     * @param providers by name; deliveries for others wait
     * @param random gives a number from 0 to below its argument
     */
    public DeliveryWorker(
            Map<String, PaymentProvider> providers,
            Settings settings,
            ReceiptWriter receipts,
            AlertWriter alerts,
            InstantSource clock,
            LongUnaryOperator random) {
        this.providers = Map.copyOf(providers);
        this.receipts = receipts;
        this.alerts = alerts;
        this.clock = clock;
        this.random = random;
        settings.requestsPerSecond()
                .forEach((name, limit) -> buckets.put(name, new TokenBucket(limit, System.nanoTime())));
        for (int i = 0; i < settings.threads(); i++) {
            Thread thread = new Thread(this::run, "delivery-" + i);
            thread.setDaemon(true);
            threads.add(thread);
        }
    }

    public void start() {
        threads.forEach(Thread::start);
    }

    /** Takes a delivery with what has come of it so far; those of one customer come in their order. */
    public void offer(int partition, DeliveryState state) {
        Delivery delivery = state.delivery();
        if (state.isOver()) {
            remember(partition, state);
            return;
        }
        if (!delivery.invoice().isEmpty()) {
            invoices.put(delivery.id(), state);
        }
        Lane lane = lanes.computeIfAbsent(laneOf(partition, delivery), some -> new Lane(partition));
        if (lane.add(state) && providers.containsKey(delivery.provider())) {
            schedule(lane, Duration.ZERO);
        }
    }

    /** Takes up again what had failed; nothing happens if it is waiting already. */
    public void reopen(int partition, DeliveryState state) {
        Lane lane = lanes.get(laneOf(partition, state.delivery()));
        if (lane == null || !lane.holds(state.delivery().id())) {
            offer(partition, state);
        }
    }

    /** Usage that was taken for delivered is not there. */
    public void returned(int partition, Delivery delivery) {
        usage.merge(hourOf(partition, delivery), delivery.expected().negate(), BigDecimal::add);
    }

    /** Forgets what belongs to a partition: another process looks after it now. */
    public void release(int partition) {
        lanes.entrySet().removeIf(entry -> {
            if (entry.getKey().partition() == partition) {
                entry.getValue().release();
                return true;
            }
            return false;
        });
        usage.keySet().removeIf(hour -> hour.partition() == partition);
    }

    /** How many deliveries are not over. */
    public int waiting() {
        return lanes.values().stream().mapToInt(Lane::size).sum();
    }

    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (true) {
                Lane lane = due.take();
                Duration pause;
                try {
                    pause = turn(lane);
                } catch (RuntimeException e) {
                    LOG.atWarn().setCause(e).log("a delivery's turn failed; it will be taken again");
                    pause = PAUSE_AFTER_ERROR;
                }
                if (pause.isNegative()) {
                    continue; // nothing left
                }
                schedule(lane, pause);
            }
        } catch (InterruptedException e) {
            LOG.atDebug().log("delivery thread stopped");
        }
    }

    /** One step of the first delivery of a lane; says when the next may be taken, negative for none. */
    private Duration turn(Lane lane) throws InterruptedException {
        DeliveryState state = lane.head();
        if (state == null) {
            return Duration.ofNanos(-1);
        }
        DeliveryState other = invoices.get(state.delivery().after()); // of none, where it comes after nothing
        if (other != null && !other.isOver()) {
            // One that was taken up again stands behind those that came meanwhile.
            return lane.holds(other.delivery().id()) && lane.postpone() ? Duration.ZERO : WAIT_FOR_OTHER;
        }
        if (other != null && InvoiceDeliveries.isWithdrawal(state.delivery())) {
            state = state.takingBack(other);
        }
        PaymentProvider provider = providers.get(state.delivery().provider());
        if (provider == null) {
            return other == null ? Duration.ofNanos(-1) : LOCKED_FOR;
        }
        if (other != null && isBarredBy(other, state)) {
            return settle(lane, state, new Outcome.Rejected(0, PREDECESSOR_STANDS, predecessorStands(other)));
        }
        if (DeliveryLifecycle.isBefore(Action.FINALIZE, state)
                && lane.takesBack(state.delivery().id())) {
            return settle(lane, state, new Outcome.Done(0, "", "taken back before it was finalized"));
        }
        return switch (DeliveryLifecycle.next(state, clock.instant())) {
            case NOTHING -> finish(lane, state);
            case REFUSE -> {
                advance(lane, state, DeliveryLifecycle.refuse(state, clock.instant()));
                yield Duration.ZERO;
            }
            case BEGIN -> send(provider, lane, advance(lane, state, DeliveryLifecycle.begin(state, clock.instant())));
            case SEND -> send(provider, lane, state);
            case DOUBT -> {
                LOG.atWarn()
                        .addKeyValue("delivery", state.delivery().id())
                        .addKeyValue("step", state.step())
                        .log("a delivery is in doubt; it is looked up before anything is sent");
                advance(lane, state, DeliveryLifecycle.doubt(state, clock.instant()));
                yield Duration.ZERO;
            }
            case LOOK -> {
                awaitToken(state.delivery().provider());
                Outcome outcome = provider.look(state, usageBefore(lane.partition(), state));
                yield settle(lane, state, outcome);
            }
        };
    }

    /** Whether a bill must not go out because the one whose place it takes stands. Somebody who has seen to that takes it up again. */
    private static boolean isBarredBy(DeliveryState withdrawal, DeliveryState state) {
        return withdrawal.status() == DeliveryState.Status.FAILED
                && !InvoiceDeliveries.isWithdrawal(state.delivery())
                && state.isUntouched();
    }

    private static String predecessorStands(DeliveryState withdrawal) {
        return "invoice " + withdrawal.delivery().invoice() + ", whose place it takes, still stands there ("
                + withdrawal.reason() + "): settle that first, then retry this one";
    }

    private Duration send(PaymentProvider provider, Lane lane, DeliveryState state) throws InterruptedException {
        awaitToken(provider.limit(state));
        return settle(lane, state, provider.send(state));
    }

    private Duration settle(Lane lane, DeliveryState state, Outcome outcome) throws InterruptedException {
        if (outcome instanceof Outcome.Locked locked) {
            LOG.atError()
                    .addKeyValue("provider", state.delivery().provider())
                    .addKeyValue("status", locked.status())
                    .log("the provider refuses the key; deliveries wait");
            return LOCKED_FOR;
        }
        var receipt = DeliveryLifecycle.decide(state, outcome, clock.instant());
        DeliveryState now = receipt.isPresent() ? advance(lane, state, receipt.get()) : state;
        if (outcome instanceof Outcome.Later later) {
            return RetrySchedule.delay(lane.failed(), later.retryAfterMs(), random);
        }
        if (outcome instanceof Outcome.Unknown unknown) {
            return RetrySchedule.delay(lane.failed(), unknown.retryAfterMs(), random);
        }
        if (outcome instanceof Outcome.Absent) { // without a receipt it may come yet
            return RetrySchedule.delay(
                    receipt.isPresent() ? lane.beginsAnew(now.revision()) : lane.failed(), 0, random);
        }
        lane.succeeded();
        return now.isOver() ? finish(lane, now) : Duration.ZERO;
    }

    private Duration finish(Lane lane, DeliveryState state) {
        if (state.status() == DeliveryState.Status.FAILED) {
            LOG.atError()
                    .addKeyValue("delivery", state.delivery().id())
                    .addKeyValue("reason", state.reason())
                    .log("a delivery failed and needs to be looked at");
        }
        if (!lane.isReleased()) {
            remember(lane.partition(), state);
        }
        return lane.removeHead() ? Duration.ZERO : Duration.ofNanos(-1);
    }

    private DeliveryState advance(Lane lane, DeliveryState state, Receipt receipt) throws InterruptedException {
        if (receipt.kind()
                == Receipt.Kind.FAILED) { // first, so that a crash between the two tells it twice and not never
            alerts.write(
                    DeliveryAlerts.failed(state.delivery(), receipt.code() + ": " + receipt.detail(), clock.instant()));
        }
        receipts.write(receipt);
        DeliveryState now = DeliveryLifecycle.evolve(state, receipt);
        lane.replaceHead(now);
        return now;
    }

    private void remember(int partition, DeliveryState state) {
        Delivery delivery = state.delivery();
        if (!delivery.invoice().isEmpty()) {
            invoices.put(delivery.id(), state);
        } else if (state.status() == DeliveryState.Status.DELIVERED) {
            usage.merge(hourOf(partition, delivery), delivery.expected(), BigDecimal::add);
        }
    }

    private BigDecimal usageBefore(int partition, DeliveryState state) {
        return usage.getOrDefault(hourOf(partition, state.delivery()), BigDecimal.ZERO);
    }

    private static LaneKey laneOf(int partition, Delivery delivery) {
        return new LaneKey(partition, delivery.provider(), delivery.customer(), delivery.meter());
    }

    private static HourKey hourOf(int partition, Delivery delivery) {
        return new HourKey(
                partition,
                delivery.customer(),
                delivery.meter(),
                delivery.period().start().getEpochSecond());
    }

    private void awaitToken(String limit) throws InterruptedException {
        TokenBucket bucket = buckets.get(limit);
        long waitNanos;
        synchronized (buckets) {
            waitNanos = bucket == null ? 0 : bucket.take(System.nanoTime());
        }
        TimeUnit.NANOSECONDS.sleep(waitNanos);
    }

    private void schedule(Lane lane, Duration pause) {
        lane.dueIn(pause);
        due.put(lane);
    }
}
