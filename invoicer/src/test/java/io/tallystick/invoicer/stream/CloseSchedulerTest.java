package io.tallystick.invoicer.stream;

import static io.tallystick.invoicer.invoice.TestingInvoices.APRIL;
import static io.tallystick.invoicer.invoice.TestingInvoices.MAY;
import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.invoicer.invoice.TestingInvoices;
import io.tallystick.schemas.catalog.CatalogRevision;
import io.tallystick.schemas.catalog.Subscription;
import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.BillingRequest;
import io.tallystick.schemas.event.BillingRequest.CloseRequested;
import io.tallystick.schemas.event.BillingRequest.SubscriptionRequested;
import io.tallystick.schemas.event.Invoice;
import io.tallystick.schemas.topic.Space;
import io.tallystick.schemas.topic.Topics;
import io.tallystick.schemas.value.Period;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CloseSchedulerTest {

    private static final Topics TOPICS = new Topics(Space.DEFAULT, 1);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Subscription MAIN = TestingInvoices.subscription("acme", "acme-main");
    private static final CatalogRevision REVISION = TestingInvoices.revision(MAIN);
    private static final Instant LONG_AGO = Instant.parse("2026-03-01T00:00:00Z");

    private final TestingTopic<Invoice> invoiceTopic = TestingTopic.invoices(TOPICS);
    private final TestingTopic<BillingRequest> requestTopic = TestingTopic.requests(TOPICS);
    private final InvoiceView invoices = new InvoiceView(TOPICS, invoiceTopic::consumer);
    private final RequestView requests = new RequestView(TOPICS, invoices, requestTopic::consumer);
    private final MockProducer<String, byte[]> producer =
            new MockProducer<>(true, null, new StringSerializer(), new ByteArraySerializer());

    @AfterEach
    void stop() {
        requests.close();
        invoices.close();
    }

    @Test
    void aPeriodIsAskedForWhenItHasBeenOverForTheGraceTime() throws Exception {
        applied(LONG_AGO);
        follow();

        assertThat(askedAt("2026-05-01T00:59:59.999Z")).isEmpty();
        assertThat(askedAt("2026-05-01T01:00:00Z")).containsExactly(APRIL);
    }

    @Test
    void everyPeriodThatWasMissedIsAskedForInOrder() throws Exception {
        applied(LONG_AGO);
        follow();

        assertThat(askedAt("2026-06-01T01:00:00Z")).containsExactly(APRIL, MAY);
    }

    @Test
    void aClosedPeriodIsNotAskedFor() throws Exception {
        applied(LONG_AGO);
        invoiceTopic.before(TestingInvoices.draft(
                TestingInvoices.closed("acme", "acme-main", APRIL, 5), MAIN, List.of(), List.of()));
        follow();

        assertThat(askedAt("2026-06-01T01:00:00Z")).containsExactly(MAY);
    }

    @Test
    void aPeriodThatSomeoneAskedForIsNotAskedForAgain() throws Exception {
        applied(LONG_AGO);
        requestTopic.before(new CloseRequested("acme", "acme-main", APRIL, 1, List.of(0L), 0));
        follow();

        assertThat(askedAt("2026-06-01T01:00:00Z")).containsExactly(MAY);
    }

    @Test
    void aSubscriptionThatIsAppliedLateHasTheGraceTimeFromThenOn() throws Exception {
        applied(Instant.parse("2026-05-10T12:00:00Z"));
        follow();

        assertThat(askedAt("2026-05-10T12:59:59.999Z")).isEmpty();
        assertThat(askedAt("2026-05-10T13:00:00Z")).containsExactly(APRIL);
    }

    @Test
    void aSubscriptionThatIsChangedLateHasTheGraceTimeFromThenOn() throws Exception {
        applied(LONG_AGO);
        Instant changed = Instant.parse("2026-05-10T12:00:00Z");
        requestTopic.before(
                new SubscriptionRequested("acme", 9, "acme-main", "{\"end\":\"2026-05-01T00:00:00Z\"}"),
                changed.toEpochMilli());
        follow();

        assertThat(askedAt("2026-05-10T12:59:59.999Z")).isEmpty();
        assertThat(askedAt("2026-05-10T13:00:00Z")).containsExactly(APRIL);
    }

    @Test
    void aSubscriptionThatIsNotKnownYetIsLeftAlone() throws Exception {
        follow();

        assertThat(askedAt("2026-06-01T01:00:00Z")).isEmpty();
    }

    @Test
    void nothingIsAskedForBeforeTheLogIsRead() throws Exception {
        applied(LONG_AGO);

        assertThat(askedAt("2026-06-01T01:00:00Z")).isEmpty();
    }

    private void applied(Instant at) {
        requestTopic.before(new SubscriptionRequested("acme", 7, "acme-main", "{}"), at.toEpochMilli());
        requestTopic.before(
                new SubscriptionRequested("acme", 8, "acme-main", "{}"),
                at.plus(Duration.ofDays(1)).toEpochMilli());
    }

    private void follow() throws InterruptedException {
        invoices.start();
        assertThat(invoices.awaitReady(PATIENCE)).isTrue();
        requests.start();
        assertThat(requests.awaitReady(PATIENCE)).isTrue();
    }

    private List<Period> askedAt(String now) throws Exception {
        producer.clear();
        CloseRequester requester =
                new CloseRequester(new RequestWriter(TOPICS, producer), patience -> List.of(42L), invoices);
        try (CloseScheduler scheduler = new CloseScheduler(
                requester, requests, invoices, REVISION::catalog, () -> Instant.parse(now), Duration.ofHours(1))) {
            scheduler.look();
        }
        return producer.history().stream()
                .map(record -> ((CloseRequested) TopicCodecs.REQUESTS.decode(record.value())).period())
                .toList();
    }
}
