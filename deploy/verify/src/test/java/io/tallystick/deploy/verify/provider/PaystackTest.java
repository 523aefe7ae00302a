package io.tallystick.deploy.verify.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallystick.deploy.verify.Deadline;
import io.tallystick.deploy.verify.Seed;
import io.tallystick.invoicer.delivery.DeliveryLifecycle;
import io.tallystick.invoicer.delivery.DeliveryState.Status;
import io.tallystick.schemas.catalog.Subscription;
import io.tallystick.schemas.event.Delivery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The worker against a Paystack that drops answers, limits and fails, over real HTTP. More of it: {@code -Dpaystack.invoices=1000 -Dpaystack.deaths=10}. */
class PaystackTest {

    private static final int INVOICES = Integer.getInteger("paystack.invoices", 40);
    private static final int DEATHS = Integer.getInteger("paystack.deaths", 2);
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    @Test
    void everyInvoiceIsAskedForOrChargedOnceHoweverPaystackAnswersAndWheneverTheWorkerDies() throws Exception {
        try (TestingProvider paystack = TestingProvider.paystack();
                TestingOutbox outbox = new TestingOutbox(paystack.url())) {
            paystack.faults(10, 10, 5, Seed.random("paystack").nextLong());
            List<Delivery> deliveries = new ArrayList<>();
            for (int i = 0; i < INVOICES; i++) {
                deliveries.add(i % 2 == 0 ? request(i) : charge(i, "AUTH_ok" + i));
            }
            outbox.add(deliveries);
            outbox.start();
            for (int death = 1; death <= DEATHS; death++) {
                int moment = deliveries.size() * death / (DEATHS + 1);
                Deadline.within(PATIENCE).await(moment + " are over", () -> {
                    outbox.advance(Duration.ofSeconds(10));
                    return outbox.over() >= moment ? moment : null;
                });
                outbox.die();
                outbox.start();
            }
            Deadline.within(PATIENCE).await("all are over", () -> {
                outbox.advance(Duration.ofSeconds(10)); // what is not there must be given time to arrive
                return outbox.over() == deliveries.size() ? deliveries : null;
            });

            assertThat(outbox.states()).allMatch(state -> state.status() == Status.DELIVERED);
            JsonNode there = paystack.state();
            assertThat(there.get("refused").intValue()).isZero();
            assertThat(amounts(there)).isEqualTo(expected(deliveries));
            paystack.faults(0, 0, 0, 0);
            assertThat(outbox.paystackDifferences()).isEmpty();

            JsonNode altered = there.get("requests").get(0);
            paystack.alter(altered.get("request_code").textValue(), 1);
            assertThat(outbox.paystackDifferences())
                    .singleElement()
                    .satisfies(
                            difference -> assertThat(altered.get("description").textValue())
                                    .startsWith("inv:" + difference.subject() + ":"));
        }
    }

    @Test
    void aChargeThatIsDeclinedFailsAndIsNotTriedAgain() throws Exception {
        try (TestingProvider paystack = TestingProvider.paystack();
                TestingOutbox outbox = new TestingOutbox(paystack.url())) {
            outbox.add(List.of(charge(1, "AUTH_declined")));
            outbox.start();
            Deadline.within(PATIENCE).await("it is over", () -> outbox.over() == 1 ? outbox : null);

            assertThat(outbox.states()).singleElement().satisfies(state -> {
                assertThat(state.status()).isEqualTo(Status.FAILED);
                assertThat(state.reason()).isEqualTo("charge_failed: Insufficient funds");
            });
            assertThat(paystack.state().get("charges")).hasSize(1);
            assertThat(outbox.paystackDifferences()).hasSize(1);
        }
    }

    @Test
    void anAnswerThatWasLostTwoDaysAgoBillsNobodyTwice() throws Exception {
        try (TestingProvider paystack = TestingProvider.paystack();
                TestingOutbox outbox = new TestingOutbox(paystack.url())) {
            List<Delivery> deliveries = List.of(request(1), charge(2, "AUTH_ok"));
            paystack.faults(100, 0, 0, 1); // everything is done, and nothing is told
            outbox.add(deliveries);
            outbox.start();
            Deadline.within(PATIENCE)
                    .await("both are taken", () -> amounts(paystack.state()).size() == 2 ? paystack : null);
            outbox.die();

            outbox.advance(Duration.ofDays(2));
            paystack.faults(0, 0, 0, 1);
            outbox.start();
            Deadline.within(PATIENCE).await("both are over", () -> outbox.over() == 2 ? outbox : null);

            assertThat(outbox.states()).allMatch(state -> state.status() == Status.DELIVERED);
            assertThat(amounts(paystack.state())).isEqualTo(expected(deliveries));
            assertThat(outbox.paystackDifferences()).isEmpty();
        }
    }

    @Test
    void whatIsStillOnItsWayWhenItIsLookedForIsNotDoneTwice() throws Exception {
        try (TestingProvider paystack = TestingProvider.paystack();
                TestingOutbox outbox = new TestingOutbox(paystack.url())) {
            List<Delivery> deliveries = List.of(request(1), charge(2, "AUTH_ok"));
            paystack.late(700); // longer than several looks
            outbox.add(deliveries);
            outbox.start();
            Deadline.within(PATIENCE).await("both are over", () -> outbox.over() == 2 ? outbox : null);

            assertThat(outbox.states()).allMatch(state -> state.status() == Status.DELIVERED);
            assertThat(amounts(paystack.state())).isEqualTo(expected(deliveries));
            assertThat(outbox.paystackDifferences()).isEmpty();
        }
    }

    @Test
    void aRequestThatNeverArrivedIsMadeAgainOnceItCanNoLongerBeOnItsWay() throws Exception {
        try (TestingProvider paystack = TestingProvider.paystack();
                TestingOutbox outbox = new TestingOutbox(paystack.url())) {
            paystack.late(Integer.MAX_VALUE); // never
            outbox.add(List.of(request(1)));
            outbox.start();
            Deadline.within(PATIENCE)
                    .await(
                            "it is in doubt",
                            () -> outbox.states().stream().anyMatch(state -> state.status() == Status.AMBIGUOUS)
                                    ? outbox
                                    : null);
            paystack.late(0);
            outbox.advance(DeliveryLifecycle.SETTLED_AFTER);
            Deadline.within(PATIENCE).await("it is over", () -> outbox.over() == 1 ? outbox : null);

            assertThat(outbox.states()).allMatch(state -> state.status() == Status.DELIVERED);
            assertThat(paystack.state().get("requests")).hasSize(1);
        }
    }

    private static Delivery request(int i) {
        return TestingOutbox.invoice(i, "NGN", new Subscription.Provider("paystack", "invoice", "CUS_" + i));
    }

    private static Delivery charge(int i, String authorization) {
        return TestingOutbox.invoice(
                i,
                "NGN",
                new Subscription.Provider("paystack", "invoice", authorization + " payer" + i + "@example.com"));
    }

    private static Map<String, Long> amounts(JsonNode there) {
        Map<String, Long> amounts = new TreeMap<>();
        for (JsonNode request : there.get("requests")) {
            String id = request.get("description").textValue();
            assertThat(amounts.put(id, request.get("amount").longValue()))
                    .as("a second request for " + id)
                    .isNull();
        }
        for (JsonNode charge : there.get("charges")) {
            String id = charge.get("reference").textValue();
            assertThat(amounts.put(id, charge.get("amount").longValue()))
                    .as("a second charge for " + id)
                    .isNull();
        }
        return amounts;
    }

    private static Map<String, Long> expected(List<Delivery> deliveries) {
        Map<String, Long> amounts = new TreeMap<>();
        for (Delivery delivery : deliveries) {
            amounts.put(delivery.steps().get(0).identity(), delivery.expected().longValueExact());
        }
        return amounts;
    }
}
