package io.tallystick.invoicer.stream;

import static io.tallystick.invoicer.invoice.TestingInvoices.APRIL;
import static io.tallystick.invoicer.invoice.TestingInvoices.MAY;
import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.invoicer.invoice.TestingInvoices;
import io.tallystick.schemas.event.Invoice;
import io.tallystick.schemas.event.InvoiceChange;
import io.tallystick.schemas.event.InvoiceStatus;
import io.tallystick.schemas.topic.Space;
import io.tallystick.schemas.topic.Topics;
import io.tallystick.schemas.value.Period;
import java.time.Duration;
import java.time.YearMonth;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InvoiceViewTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Topics TOPICS = new Topics(Space.DEFAULT, 1);

    private final TestingTopic<Invoice> topic = TestingTopic.invoices(TOPICS);
    private final InvoiceView view = new InvoiceView(TOPICS, topic::consumer);

    @AfterEach
    void close() {
        view.close();
    }

    @Test
    void itIsReadyWhenItKnowsWhatWasThereAtTheStart() throws InterruptedException {
        topic.before(draft("acme", "acme-main", APRIL, 1));
        topic.before(draft("acme", "acme-main", MAY, 2));
        assertThat(view.ready()).isFalse();

        view.start();

        assertThat(view.awaitReady(PATIENCE)).isTrue();
        assertThat(view.invoices(tenant -> true, null)).hasSize(2);
        assertThat(view.isClosed("acme-main", MAY)).isTrue();
        assertThat(view.isClosed("acme-side", MAY)).isFalse();
    }

    @Test
    void invoicesAreChosenByTenantAndMonthAndComeInOrder() throws InterruptedException {
        topic.before(draft("globex", "globex", APRIL, 1));
        topic.before(draft("acme", "acme-main", MAY, 9));
        topic.before(draft("acme", "acme-side", APRIL, 2));
        topic.before(draft("acme", "acme-main", APRIL, 3));
        view.start();
        view.awaitReady(PATIENCE);

        assertThat(ids(view.invoices(tenant -> true, YearMonth.of(2026, 4))))
                .containsExactly("acme-main-2026-04-01", "acme-side-2026-04-01", "globex-2026-04-01");
        assertThat(ids(view.invoices("acme"::equals, null)))
                .containsExactly("acme-main-2026-04-01", "acme-side-2026-04-01", "acme-main-2026-05-01");
        assertThat(view.invoices("initech"::equals, null)).isEmpty();
    }

    @Test
    void pagesGoOnBehindTheInvoiceBeforeThem() throws InterruptedException {
        topic.before(draft("acme", "acme-main", MAY, 9));
        topic.before(draft("acme", "acme-side", APRIL, 2));
        topic.before(draft("acme", "acme-main", APRIL, 2));
        topic.before(draft("globex", "globex", APRIL, 1));
        view.start();
        view.awaitReady(PATIENCE);

        assertThat(ids(view.invoices(tenant -> true, null, null, 2)))
                .containsExactly("acme-main-2026-04-01", "acme-side-2026-04-01");
        assertThat(ids(view.invoices(tenant -> true, null, "acme-side-2026-04-01", 2)))
                .containsExactly("acme-main-2026-05-01", "globex-2026-04-01");
        assertThat(view.invoices(tenant -> true, null, "globex-2026-04-01", 2)).isEmpty();
        assertThat(ids(view.invoices(tenant -> true, YearMonth.of(2026, 4), "acme-side-2026-04-01", 2)))
                .containsExactly("globex-2026-04-01");
    }

    @Test
    void anInvoiceIsShownAsItStoodLast() throws InterruptedException {
        Invoice draft = draft("acme", "acme-main", APRIL, 1);
        topic.before(draft);
        topic.before(draft.after(new InvoiceChange(InvoiceStatus.VOID, APRIL.end(), 4, "")));
        topic.before(draft); // as if read again from the beginning
        view.start();
        view.awaitReady(PATIENCE);

        assertThat(view.invoice(draft.id()).orElseThrow().status()).isEqualTo(InvoiceStatus.VOID);
    }

    @Test
    void anInvoiceThatWasDeletedIsNotShownAndItsPeriodStaysClosed() throws Exception {
        Invoice draft = draft("acme", "acme-main", APRIL, 1);
        topic.before(draft);
        topic.before(draft("acme", "acme-main", MAY, 2));
        topic.beforeDeletion(draft.id());
        view.start();
        view.awaitReady(PATIENCE);

        assertThat(view.invoice(draft.id())).isEmpty();
        assertThat(ids(view.invoices(tenant -> true, null))).containsExactly("acme-main-2026-05-01");
        assertThat(view.isClosed("acme-main", APRIL)).isTrue();
    }

    @Test
    void whoWaitsSeesTheChange() throws Exception {
        Invoice draft = draft("acme", "acme-main", APRIL, 1);
        topic.before(draft);
        view.start();
        view.awaitReady(PATIENCE);
        CompletableFuture<Boolean> seen = CompletableFuture.supplyAsync(() -> {
            try {
                return view.await(draft.id(), invoice -> invoice.status() == InvoiceStatus.VOID, PATIENCE)
                        .isPresent();
            } catch (InterruptedException e) {
                return false;
            }
        });

        topic.add(draft.after(new InvoiceChange(InvoiceStatus.VOID, APRIL.end(), 4, "")));

        assertThat(seen.get()).isTrue();
        assertThat(view.await(draft.id(), invoice -> invoice.status() == InvoiceStatus.PAID, Duration.ofMillis(1)))
                .isEmpty();
    }

    private static List<String> ids(List<Invoice> invoices) {
        return invoices.stream().map(Invoice::id).toList();
    }

    private static Invoice draft(String tenant, String subscription, Period period, long sequence) {
        var agreed = TestingInvoices.subscription(tenant, subscription);
        return TestingInvoices.draft(
                TestingInvoices.closed(tenant, subscription, period, sequence), agreed, List.of(), List.of());
    }
}
