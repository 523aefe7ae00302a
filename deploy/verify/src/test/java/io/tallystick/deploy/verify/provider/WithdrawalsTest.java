package io.tallystick.deploy.verify.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallystick.deploy.verify.Deadline;
import io.tallystick.deploy.verify.Seed;
import io.tallystick.invoicer.delivery.DeliveryState;
import io.tallystick.invoicer.delivery.DeliveryState.Status;
import io.tallystick.invoicer.delivery.InvoiceDeliveries;
import io.tallystick.schemas.catalog.Subscription;
import io.tallystick.schemas.event.Delivery;
import io.tallystick.schemas.event.Invoice;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** However far an invoice has come at the provider when it is voided and issued again: the customer owes there what the ledger says. */
class WithdrawalsTest {

    private static final int CUSTOMERS = Integer.getInteger("withdrawals.customers", 24);
    private static final int ATTEMPTS = 4;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Subscription.Provider CARD =
            new Subscription.Provider("paystack", "invoice", "AUTH_ok payer@example.com");

    @Test
    void whateverIsVoidedAndIssuedAgainTheCustomerOwesAtStripeWhatTheLedgerSays() throws Exception {
        Random random = Seed.random("withdrawals");
        try (TestingProvider stripe = TestingProvider.stripe();
                TestingOutbox outbox = new TestingOutbox(stripe.url())) {
            stripe.faults(10, 10, 5, random.nextLong());
            outbox.start();
            Map<Integer, Invoice> standing = new HashMap<>();
            for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
                for (int customer = 0; customer < CUSTOMERS; customer++) {
                    issue(outbox, standing, customer, attempt, random);
                }
                comeSomeWay(outbox, stripe, standing, random);
                if (attempt == 2) {
                    outbox.die();
                    outbox.start();
                }
            }
            for (int customer = 0; customer < CUSTOMERS; customer += 3) {
                withdraw(outbox, standing.remove(customer));
            }
            awaitAll(outbox);

            assertThat(outbox.states()).allMatch(state -> state.status() == Status.DELIVERED);
            JsonNode there = stripe.state();
            assertThat(there.get("refused").intValue()).isZero();
            assertThat(owed(there)).isEqualTo(owed(standing));
            stripe.faults(0, 0, 0, 0);
            assertThat(outbox.differences()).isEmpty();
        }
    }

    /** Takes the place of what stands, if anything does; every third customer is credited more than asked. */
    private static void issue(
            TestingOutbox outbox, Map<Integer, Invoice> standing, int customer, int attempt, Random random) {
        Invoice before = standing.get(customer);
        BigDecimal amount = BigDecimal.valueOf(random.nextInt(60) - (customer % 3 == 0 ? 50 : 10));
        Invoice bill =
                TestingOutbox.bill(customer, attempt, "USD", amount.setScale(2).toPlainString());
        if (before == null) {
            outbox.offer(InvoiceDeliveries.finalized(bill, stripeOf(customer)).orElseThrow());
        } else {
            withdraw(outbox, before);
            outbox.offer(InvoiceDeliveries.finalized(bill, stripeOf(customer), before)
                    .orElseThrow());
        }
        standing.put(customer, bill);
    }

    private static void withdraw(TestingOutbox outbox, Invoice invoice) {
        outbox.offer(InvoiceDeliveries.voided(
                        invoice, stripeOf(Integer.parseInt(invoice.tenant().substring(1))))
                .orElseThrow());
    }

    /** A third goes on at once, so that some are drafts when they are voided; another is issued first, and the last is paid too. */
    private static void comeSomeWay(
            TestingOutbox outbox, TestingProvider stripe, Map<Integer, Invoice> standing, Random random) {
        List<String> issued = new ArrayList<>();
        standing.values().stream()
                .filter(invoice -> random.nextInt(3) > 0)
                .map(InvoiceDeliveries::identity)
                .forEach(issued::add);
        for (String id : issued) {
            DeliveryState state = Deadline.within(PATIENCE)
                    .await(id + " is over", () -> outbox.state(id).isOver() ? outbox.state(id) : null);
            if (random.nextBoolean()) {
                stripe.pay(state.object());
            }
        }
    }

    private static void awaitAll(TestingOutbox outbox) {
        int all = outbox.states().size();
        Deadline.within(PATIENCE).await("all are over", () -> outbox.over() == all ? outbox : null);
    }

    private static Map<String, Long> owed(JsonNode there) {
        Map<String, Long> owed = new TreeMap<>();
        there.get("owed").properties().forEach(entry -> {
            if (entry.getValue().longValue() != 0) {
                owed.put(entry.getKey(), entry.getValue().longValue());
            }
        });
        return owed;
    }

    private static Map<String, Long> owed(Map<Integer, Invoice> standing) {
        Map<String, Long> owed = new TreeMap<>();
        standing.forEach((customer, invoice) -> {
            if (invoice.total().signum() != 0) {
                owed.put("cus_" + customer, invoice.total().movePointRight(2).longValueExact());
            }
        });
        return owed;
    }

    private static Subscription.Provider stripeOf(int customer) {
        return new Subscription.Provider("stripe", "invoice", "cus_" + customer);
    }

    @Test
    void aWithdrawalGoesWhereTheBillWentWhateverTheSubscriptionSaysByThen() throws Exception {
        try (TestingProvider stripe = TestingProvider.stripe();
                TestingOutbox outbox = new TestingOutbox(stripe.url())) {
            outbox.start();
            Invoice bill = TestingOutbox.bill(1, 1, "USD", "-5.00");
            outbox.offer(InvoiceDeliveries.finalized(bill, stripeOf(1)).orElseThrow());
            outbox.offer(InvoiceDeliveries.voided(bill, stripeOf(2)).orElseThrow());
            awaitAll(outbox);

            assertThat(owed(stripe.state())).isEmpty();
            assertThat(outbox.differences()).isEmpty();
        }
    }

    @Test
    void whatSomebodyVoidedAtStripeAloneIsADifferenceAndSaysSo() throws Exception {
        try (TestingProvider stripe = TestingProvider.stripe();
                TestingOutbox outbox = new TestingOutbox(stripe.url())) {
            outbox.start();
            Delivery sent = TestingOutbox.invoice(1);
            outbox.offer(sent);
            awaitAll(outbox);
            stripe.voidInvoice(outbox.state(sent.id()).object());

            assertThat(outbox.differences())
                    .singleElement()
                    .satisfies(difference -> assertThat(difference.problem())
                            .isEqualTo(
                                    outbox.state(sent.id()).object() + " at Stripe is void, and it is not void here"));
        }
    }

    @Test
    void aChargeThatOnlyAPersonCanGiveBackIsNotChargedAgainBefore() throws Exception {
        try (TestingProvider paystack = TestingProvider.paystack();
                TestingOutbox outbox = new TestingOutbox(paystack.url())) {
            outbox.start();
            Invoice first = TestingOutbox.bill(1, 1, "NGN", "10.00");
            Invoice second = TestingOutbox.bill(1, 2, "NGN", "12.00");
            Delivery charge = InvoiceDeliveries.finalized(first, CARD).orElseThrow();
            Delivery withdrawal = InvoiceDeliveries.voided(first, CARD).orElseThrow();
            Delivery reissue = InvoiceDeliveries.finalized(second, CARD, first).orElseThrow();
            List.of(charge, withdrawal, reissue).forEach(outbox::offer);
            awaitAll(outbox);

            assertThat(paystack.state().get("charges")).hasSize(1);
            assertThat(outbox.state(withdrawal.id()).reason()).startsWith("invoice_paid: ");
            assertThat(outbox.state(reissue.id()).reason()).startsWith("predecessor_stands: invoice " + first.id());
            assertThat(outbox.alerts()).hasSize(2);
            assertThat(outbox.paystackDifferences()).hasSize(2);

            paystack.refund(outbox.state(charge.id()).object());
            outbox.retry(reissue.id()); // in the wrong order
            outbox.retry(withdrawal.id());
            awaitAll(outbox);
            assertThat(outbox.states()).allMatch(state -> state.status() == Status.DELIVERED);
            assertThat(paystack.state().get("charges")).hasSize(2);
            assertThat(outbox.paystackDifferences()).isEmpty();
        }
    }

    @Test
    void aPaymentRequestThatWasPaidIsNotAskedForAgain() throws Exception {
        Subscription.Provider customer = new Subscription.Provider("paystack", "invoice", "CUS_1");
        try (TestingProvider paystack = TestingProvider.paystack();
                TestingOutbox outbox = new TestingOutbox(paystack.url())) {
            outbox.start();
            Invoice first = TestingOutbox.bill(1, 1, "NGN", "10.00");
            Delivery request = InvoiceDeliveries.finalized(first, customer).orElseThrow();
            outbox.offer(request);
            awaitAll(outbox);
            paystack.pay(outbox.state(request.id()).object());
            outbox.offer(InvoiceDeliveries.voided(first, customer).orElseThrow());
            outbox.offer(InvoiceDeliveries.finalized(TestingOutbox.bill(1, 2, "NGN", "12.00"), customer, first)
                    .orElseThrow());
            awaitAll(outbox);

            assertThat(paystack.state().get("requests")).hasSize(1);
            assertThat(outbox.alerts()).hasSize(2);
        }
    }
}
