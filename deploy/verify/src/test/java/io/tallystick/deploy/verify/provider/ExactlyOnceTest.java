package io.tallystick.deploy.verify.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallystick.deploy.verify.Deadline;
import io.tallystick.deploy.verify.Seed;
import io.tallystick.invoicer.delivery.DeliveryState.Status;
import io.tallystick.invoicer.delivery.UsageDeliveries;
import io.tallystick.schemas.catalog.Subscription;
import io.tallystick.schemas.event.Alert;
import io.tallystick.schemas.event.Delivery;
import io.tallystick.schemas.value.Period;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * The worker against a Stripe that drops answers, limits, fails and forgets, over real HTTP; what it must remember stands in an outbox that outlives it. The
 * long run: {@code mvn -B test -pl deploy/verify -am -Dtest=ExactlyOnceTest -Dsurefire.failIfNoSpecifiedTests=false -Doutbox.invoices=1000
 * -Doutbox.events=10000 -Doutbox.deaths=10}.
 */
class ExactlyOnceTest {

    private static final int INVOICES = Integer.getInteger("outbox.invoices", 30);
    private static final int EVENTS = Integer.getInteger("outbox.events", 200);
    private static final int STREAMED = Integer.getInteger("outbox.streamed", 800);
    private static final int DEATHS = Integer.getInteger("outbox.deaths", 2);
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    @Test
    void everyInvoiceAndMeterEventIsThereOnceHoweverStripeAnswersAndWheneverTheWorkerDies() throws Exception {
        Random random = Seed.random("outbox");
        try (TestingProvider stripe = TestingProvider.stripe();
                TestingOutbox outbox = new TestingOutbox(stripe.url())) {
            stripe.faults(10, 10, 5, random.nextLong());
            List<Delivery> deliveries = new ArrayList<>();
            for (int i = 0; i < INVOICES; i++) {
                deliveries.add(TestingOutbox.invoice(i));
            }
            Instant from = Instant.now().truncatedTo(ChronoUnit.HOURS).minus(Duration.ofDays(7));
            for (int i = 0; i < EVENTS; i++) {
                deliveries.add(event(i, from));
            }
            outbox.add(deliveries);
            outbox.start();
            for (int death = 1; death <= DEATHS; death++) {
                int moment = deliveries.size() * death / (DEATHS + 1);
                Deadline.within(PATIENCE).await(moment + " are over", () -> outbox.over() >= moment ? moment : null);
                outbox.die();
                outbox.start();
            }
            Deadline.within(PATIENCE)
                    .await("all are over", () -> outbox.over() == deliveries.size() ? deliveries : null);

            assertThat(outbox.states()).allMatch(state -> state.status() == Status.DELIVERED);
            JsonNode there = stripe.state();
            assertThat(there.get("refused").intValue()).isZero();
            assertThat(totals(there)).isEqualTo(expectedTotals(deliveries));
            assertThat(values(there)).isEqualTo(expectedValues(deliveries));
            assertThat(there.get("events")).hasSize(EVENTS);
            stripe.faults(0, 0, 0, 0);
            assertThat(outbox.differences()).isEmpty();

            JsonNode altered = there.get("invoices").get(0);
            stripe.alter(altered.get("id").textValue(), 1);
            assertThat(outbox.differences())
                    .singleElement()
                    .satisfies(difference -> assertThat(difference.subject())
                            .isEqualTo(altered.at("/metadata/ledger_invoice_id").textValue()));
        }
    }

    @Test
    void theStreamTakesEveryMeterEventOnceAndManyInOneRequest() throws Exception {
        Random random = Seed.random("stream");
        try (TestingProvider stripe = TestingProvider.stripe();
                TestingOutbox outbox = new TestingOutbox(
                        stripe.url(), Map.of("STRIPE_METER_EVENTS", "stream", "STRIPE_CONCURRENCY", "64"))) {
            stripe.faults(10, 10, 5, random.nextLong());
            Instant from = Instant.now().truncatedTo(ChronoUnit.HOURS).minus(Duration.ofDays(7));
            List<Delivery> deliveries = new ArrayList<>();
            for (int i = 0; i < STREAMED; i++) {
                deliveries.add(event(i, STREAMED / 80, from));
            }
            outbox.add(deliveries);
            outbox.start();
            Deadline.within(PATIENCE).await("a third is over", () -> outbox.over() >= STREAMED / 3 ? outbox : null);
            stripe.advanceHours(1); // the session is over
            outbox.die();
            outbox.start();
            Deadline.within(PATIENCE).await("all are over", () -> outbox.over() == STREAMED ? outbox : null);

            assertThat(outbox.states()).allMatch(state -> state.status() == Status.DELIVERED);
            JsonNode there = stripe.state();
            assertThat(there.get("refused").intValue()).isZero();
            assertThat(there.get("events")).hasSize(STREAMED);
            assertThat(values(there)).isEqualTo(expectedValues(deliveries));
            assertThat(stripe.counts().get("streamRequests").intValue()).isBetween(1, STREAMED / 2);
            stripe.faults(0, 0, 0, 0);
            assertThat(outbox.differences()).isEmpty();
        }
    }

    @Test
    void usageThatStripeNoLongerTakesIsNotSentAndPeopleAreTold() throws Exception {
        try (TestingProvider stripe = TestingProvider.stripe();
                TestingOutbox outbox = new TestingOutbox(stripe.url())) {
            Instant hour = Instant.now().truncatedTo(ChronoUnit.HOURS).minus(Duration.ofDays(36));
            outbox.add(List.of(event(1, hour)));
            outbox.start();
            Deadline.within(PATIENCE).await("it is over", () -> outbox.over() == 1 ? outbox : null);

            assertThat(stripe.state().get("requests").intValue()).isZero();
            assertThat(outbox.alerts()).singleElement().satisfies(alert -> {
                assertThat(alert.kind()).isEqualTo(Alert.Kind.DELIVERY_FAILED);
                assertThat(alert.after()).isEqualByComparingTo("0.02");
                assertThat(alert.message()).contains("timestamp_too_far_in_past");
            });
            assertThat(outbox.differences())
                    .singleElement()
                    .satisfies(difference -> assertThat(difference.subject()).startsWith("cus_0 tokens "));
        }
    }

    @Test
    void anAnswerThatWasLostTwoDaysAgoBillsNobodyTwice() throws Exception {
        try (TestingProvider stripe = TestingProvider.stripe();
                TestingOutbox outbox = new TestingOutbox(stripe.url())) {
            Instant hour = Instant.now().truncatedTo(ChronoUnit.HOURS).minus(Duration.ofDays(3));
            List<Delivery> deliveries = List.of(TestingOutbox.invoice(1), event(1, hour), usageRecord(hour));
            stripe.faults(100, 0, 0, 1); // everything is done, and nothing is told
            outbox.add(deliveries);
            outbox.start();
            Deadline.within(PATIENCE)
                    .await(
                            "all are taken",
                            () -> stripe.state().get("invoices").size() == 1
                                            && stripe.state().get("events").size() == 1
                                            && stripe.state()
                                                            .get("usageRecords")
                                                            .size()
                                                    == 1
                                    ? stripe
                                    : null);
            outbox.die();

            stripe.advanceHours(48);
            outbox.advance(Duration.ofDays(2));
            stripe.faults(0, 0, 0, 1);
            outbox.start();
            Deadline.within(PATIENCE).await("all are over", () -> outbox.over() == 3 ? outbox : null);

            assertThat(outbox.states()).allMatch(state -> state.status() == Status.DELIVERED);
            JsonNode there = stripe.state();
            assertThat(totals(there)).isEqualTo(expectedTotals(deliveries));
            assertThat(there.get("invoices")).hasSize(1);
            assertThat(there.get("events")).hasSize(1);
            assertThat(there.get("usageRecords"))
                    .singleElement()
                    .satisfies(quantity -> assertThat(quantity.textValue()).isEqualTo("5"));
            assertThat(outbox.differences()).isEmpty();
        }
    }

    @Test
    void whatWasNeverTakenIsSentAfterTwoDays() throws Exception {
        try (TestingProvider stripe = TestingProvider.stripe();
                TestingOutbox outbox = new TestingOutbox(stripe.url())) {
            Instant hour = Instant.now().truncatedTo(ChronoUnit.HOURS).minus(Duration.ofDays(3));
            stripe.faults(0, 100, 0, 1);
            outbox.add(List.of(TestingOutbox.invoice(1), event(1, hour)));
            outbox.start();
            Deadline.within(PATIENCE)
                    .await(
                            "both are tried",
                            () -> stripe.state().get("requests").intValue() >= 4 ? stripe : null);
            outbox.die();

            stripe.advanceHours(48);
            outbox.advance(Duration.ofDays(2));
            stripe.faults(0, 0, 0, 1);
            outbox.start();
            Deadline.within(PATIENCE).await("both are over", () -> outbox.over() == 2 ? outbox : null);

            assertThat(stripe.state().get("invoices")).hasSize(1);
            assertThat(stripe.state().get("events")).hasSize(1);
            assertThat(outbox.differences()).isEmpty();
        }
    }

    private static Delivery event(int i, Instant from) {
        return event(i, 100, from);
    }

    private static Delivery event(int i, int hours, Instant from) {
        Instant start = from.plus(Duration.ofHours(i % hours));
        int customer = i / hours;
        return UsageDeliveries.meterEvent(
                "t" + customer,
                "t" + customer,
                new Subscription.Provider("stripe", "meter_events", "cus_" + customer),
                "tokens",
                new Period(start, start.plus(Duration.ofHours(1))),
                0,
                new BigDecimal(i + 1).movePointLeft(2));
    }

    private static Delivery usageRecord(Instant hour) {
        return UsageDeliveries.usageRecord(
                "t1",
                "t1",
                new Subscription.Provider("stripe", "usage_records", "si_1"),
                "tokens",
                new Period(hour, hour.plus(Duration.ofHours(1))),
                0,
                BigDecimal.valueOf(5));
    }

    private static Map<String, Long> totals(JsonNode there) {
        Map<String, Long> totals = new TreeMap<>();
        for (JsonNode invoice : there.get("invoices")) {
            assertThat(invoice.get("status").textValue()).isEqualTo("open");
            String id = invoice.at("/metadata/ledger_invoice_id").textValue();
            assertThat(totals.put(id, invoice.get("total").longValue()))
                    .as("a second invoice for " + id)
                    .isNull();
        }
        return totals;
    }

    private static Map<String, Long> expectedTotals(List<Delivery> deliveries) {
        Map<String, Long> totals = new TreeMap<>();
        deliveries.stream()
                .filter(delivery -> !delivery.invoice().isEmpty())
                .forEach(delivery ->
                        totals.put(delivery.invoice(), delivery.expected().longValueExact()));
        return totals;
    }

    private static Map<String, BigDecimal> values(JsonNode there) {
        Map<String, BigDecimal> values = new TreeMap<>();
        for (JsonNode event : there.get("events")) {
            values.merge(
                    event.get("customer").textValue() + " " + event.get("timestamp"),
                    new BigDecimal(event.get("value").textValue()),
                    BigDecimal::add);
        }
        return values;
    }

    private static Map<String, BigDecimal> expectedValues(List<Delivery> deliveries) {
        Map<String, BigDecimal> values = new TreeMap<>();
        deliveries.stream()
                .filter(delivery -> delivery.invoice().isEmpty())
                .forEach(delivery -> values.put(
                        delivery.customer() + " " + (delivery.period().end().getEpochSecond() - 1),
                        new BigDecimal(delivery.expected().toPlainString())));
        return values;
    }
}
