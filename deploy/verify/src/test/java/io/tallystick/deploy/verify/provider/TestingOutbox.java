package io.tallystick.deploy.verify.provider;

import io.tallystick.invoicer.delivery.DeliveryLifecycle;
import io.tallystick.invoicer.delivery.DeliveryState;
import io.tallystick.invoicer.delivery.InvoiceDeliveries;
import io.tallystick.invoicer.provider.DeliveryWorker;
import io.tallystick.invoicer.provider.Difference;
import io.tallystick.invoicer.provider.PaystackReconciliation;
import io.tallystick.invoicer.provider.ProviderSettings;
import io.tallystick.invoicer.provider.StripeReconciliation;
import io.tallystick.schemas.catalog.Subscription;
import io.tallystick.schemas.event.Alert;
import io.tallystick.schemas.event.Delivery;
import io.tallystick.schemas.event.Invoice;
import io.tallystick.schemas.event.InvoiceDigest;
import io.tallystick.schemas.event.InvoiceStatus;
import io.tallystick.schemas.event.LineItem;
import io.tallystick.schemas.event.Receipt;
import io.tallystick.schemas.value.Dimensions;
import io.tallystick.schemas.value.Fraction;
import io.tallystick.schemas.value.Period;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Deliveries and receipts that outlive the workers, one of which runs at a time, on a clock that can be moved. */
final class TestingOutbox implements AutoCloseable {

    private static final Period APRIL =
            new Period(Instant.parse("2026-04-01T00:00:00Z"), Instant.parse("2026-05-01T00:00:00Z"));

    private final Map<String, DeliveryState> states = new LinkedHashMap<>();
    private final Queue<Alert> alerts = new ConcurrentLinkedQueue<>();
    private final ProviderSettings settings;
    private volatile Duration ahead = Duration.ZERO;
    private @Nullable Life life;

    /** One worker; what it writes after its death is lost. */
    private final class Life {
        private volatile boolean isDead;
        private final DeliveryWorker worker = new DeliveryWorker(
                settings.providers(),
                settings.worker(),
                this::write,
                alerts::add,
                () -> Instant.now().plus(ahead),
                bound -> ThreadLocalRandom.current().nextLong(Math.min(bound, 50)));

        private void write(Receipt receipt) {
            synchronized (states) {
                if (isDead) {
                    throw new IllegalStateException("dead");
                }
                states.computeIfPresent(receipt.delivery(), (id, state) -> DeliveryLifecycle.evolve(state, receipt));
            }
        }
    }

    /** @param url of either provider, which is asked for what is its own */
    TestingOutbox(String url) {
        this(url, Map.of());
    }

    /** @param more settings */
    TestingOutbox(String url, Map<String, String> more) {
        Map<String, String> values = new HashMap<>(more);
        values.putAll(Map.of(
                "STRIPE_API_KEY", "sk_test_1",
                "STRIPE_API_BASE", url,
                "STRIPE_METER_EVENTS_BASE", url,
                "STRIPE_RATE_LIMIT", "0",
                "STRIPE_STREAM_RATE_LIMIT", "0",
                "PAYSTACK_SECRET_KEY", "sk_test_2",
                "PAYSTACK_API_BASE", url,
                "PAYSTACK_RATE_LIMIT", "0"));
        settings = ProviderSettings.of(name -> Optional.ofNullable(values.get(name)), false);
    }

    void add(List<Delivery> deliveries) {
        synchronized (states) {
            deliveries.forEach(delivery -> states.put(delivery.id(), DeliveryState.of(delivery)));
        }
    }

    /** Gives one to the worker that runs. */
    void offer(Delivery delivery) {
        add(List.of(delivery));
        current().worker.offer(0, DeliveryState.of(delivery));
    }

    /** Somebody wants what failed to be taken up again. */
    void retry(String delivery) {
        DeliveryState state;
        synchronized (states) {
            DeliveryState failed = states.get(delivery);
            state = DeliveryLifecycle.evolve(failed, DeliveryLifecycle.reopen(failed, Instant.now()));
            states.put(delivery, state);
        }
        current().worker.reopen(0, state);
    }

    DeliveryState state(String delivery) {
        synchronized (states) {
            return states.get(delivery);
        }
    }

    private Life current() {
        return Objects.requireNonNull(life, "no worker runs");
    }

    void start() {
        Life next = new Life();
        states().forEach(state -> next.worker.offer(0, state));
        next.worker.start();
        life = next;
    }

    /** Nothing more is remembered of what the worker does from now on. */
    void die() {
        Life dying = life;
        if (dying != null) {
            synchronized (states) {
                dying.isDead = true;
            }
            dying.worker.close();
        }
    }

    void advance(Duration by) {
        ahead = ahead.plus(by);
    }

    Collection<DeliveryState> states() {
        synchronized (states) {
            return new ArrayList<>(states.values());
        }
    }

    /** What people were told. */
    List<Alert> alerts() {
        return List.copyOf(alerts);
    }

    int over() {
        return (int) states().stream().filter(DeliveryState::isOver).count();
    }

    List<Difference> differences() throws Exception {
        return new StripeReconciliation(settings.stripe().orElseThrow()).differences(states());
    }

    List<Difference> paystackDifferences() throws Exception {
        return new PaystackReconciliation(settings.paystack().orElseThrow()).differences(states());
    }

    @Override
    public void close() {
        die();
    }

    /** The delivery of an invoice with three lines, which no other has the total of. */
    static Delivery invoice(int i) {
        return invoice(i, "USD", new Subscription.Provider("stripe", "invoice", "cus_" + i));
    }

    static Delivery invoice(int i, String currency, Subscription.Provider provider) {
        return InvoiceDeliveries.finalized(
                        bill(
                                i,
                                1,
                                currency,
                                line(i, "base", "10.05"),
                                line(i, "own", i + ".07"),
                                line(i, "credit", "-0.03")),
                        provider)
                .orElseThrow();
    }

    /** The n-th bill of the period: others than the first are reissues. */
    static Invoice bill(int i, int attempt, String currency, String amount) {
        return bill(i, attempt, currency, line(i, "base", amount));
    }

    private static Invoice bill(int i, int attempt, String currency, LineItem... lines) {
        BigDecimal total = Stream.of(lines).map(LineItem::amount).reduce(BigDecimal.ZERO, BigDecimal::add);
        Invoice invoice = new Invoice(
                "t" + i + "-2026-04-01" + (attempt == 1 ? "" : "-r" + attempt),
                "INV-2026-04-t" + i + "-" + attempt,
                "t" + i,
                0,
                "t" + i,
                APRIL,
                LocalDate.of(2026, 4, 1),
                attempt,
                currency,
                InvoiceStatus.FINALIZED,
                List.of(lines),
                total,
                List.of(),
                "",
                1,
                "",
                List.of(),
                1,
                "");
        return invoice.withDigest(InvoiceDigest.of(invoice));
    }

    private static LineItem line(int i, String charge, String amount) {
        return new LineItem(
                "fee/" + charge,
                LineItem.Kind.FEE,
                charge,
                null,
                charge + " & co of " + i,
                Dimensions.NONE,
                null,
                null,
                null,
                null,
                null,
                new BigDecimal(amount),
                Fraction.of(new BigDecimal(amount)),
                "v1",
                APRIL,
                List.of(),
                null);
    }
}
