package io.tallystick.invoicer.stream;

import static io.tallystick.invoicer.invoice.TestingInvoices.APRIL;
import static io.tallystick.invoicer.invoice.TestingInvoices.MAY;
import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.invoicer.invoice.InvoiceLifecycle;
import io.tallystick.invoicer.invoice.TestingInvoices;
import io.tallystick.schemas.catalog.Subscription;
import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.BillingRequest.InvoiceCommandRequested;
import io.tallystick.schemas.event.Invoice;
import io.tallystick.schemas.event.InvoiceChange;
import io.tallystick.schemas.event.InvoiceCommand.Action;
import io.tallystick.schemas.event.InvoiceStatus;
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

class DraftReviewTest {

    private static final Topics TOPICS = new Topics(Space.DEFAULT, 1);
    private static final Subscription MAIN = TestingInvoices.subscription("acme", "acme-main");
    private static final Instant CLOSED = Instant.parse("2026-05-01T01:00:00Z");

    private final TestingTopic<Invoice> topic = TestingTopic.invoices(TOPICS);
    private final InvoiceView invoices = new InvoiceView(TOPICS, topic::consumer);
    private final MockProducer<String, byte[]> producer =
            new MockProducer<>(true, null, new StringSerializer(), new ByteArraySerializer());
    private Instant now = CLOSED;
    private final DraftReview review =
            new DraftReview(invoices, new RequestWriter(TOPICS, producer), () -> now, Duration.ofDays(1));

    @AfterEach
    void stop() {
        review.close();
        invoices.close();
    }

    @Test
    void aDraftIsAskedForWhenItsReviewTimeIsOver() throws Exception {
        topic.before(draft(APRIL));
        follow();

        assertThat(askedAt("2026-05-02T00:59:59.999Z")).isEmpty();
        assertThat(askedAt("2026-05-02T01:00:00Z"))
                .containsExactly(new InvoiceCommandRequested(
                        "acme", "acme-main-2026-04-01", Action.FINALIZE, "the review time of PT24H is over"));
    }

    @Test
    void whatIsNoDraftIsLeftAlone() throws Exception {
        Invoice voided = draft(APRIL).after(new InvoiceChange(InvoiceStatus.VOID, CLOSED, 6, "wrong"));
        topic.before(voided);
        topic.before(draft(MAY));
        follow();

        assertThat(askedAt("2026-06-02T01:00:00Z"))
                .extracting(InvoiceCommandRequested::invoice)
                .containsExactly("acme-main-2026-05-01");
    }

    @Test
    void whatWasAskedAndDidNotHappenIsAskedAgainAfterAWhile() throws Exception {
        topic.before(draft(APRIL));
        follow();

        assertThat(askedAt("2026-05-02T01:00:00Z")).hasSize(1);
        assertThat(askedAt("2026-05-02T01:04:59.999Z")).isEmpty();
        assertThat(askedAt("2026-05-02T01:05:00Z")).hasSize(1);
    }

    @Test
    void nothingIsAskedForBeforeTheInvoicesAreRead() throws Exception {
        topic.before(draft(APRIL));

        assertThat(askedAt("2026-06-02T01:00:00Z")).isEmpty();
    }

    private void follow() throws InterruptedException {
        invoices.start();
        assertThat(invoices.awaitReady(Duration.ofSeconds(20))).isTrue();
    }

    private List<InvoiceCommandRequested> askedAt(String instant) throws Exception {
        producer.clear();
        now = Instant.parse(instant);
        review.look();
        return producer.history().stream()
                .map(record -> (InvoiceCommandRequested) TopicCodecs.REQUESTS.decode(record.value()))
                .toList();
    }

    private static Invoice draft(Period period) {
        Invoice bill = TestingInvoices.draft(
                TestingInvoices.closed("acme", "acme-main", period, 5), MAIN, List.of(), List.of());
        return InvoiceLifecycle.evolve(
                null, InvoiceLifecycle.decide(null, bill, CLOSED).get(0));
    }
}
