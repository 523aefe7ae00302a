package io.tallystick.invoicer.invoice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallystick.schemas.event.Invoice;
import io.tallystick.schemas.event.InvoiceChange;
import io.tallystick.schemas.event.InvoiceCommand;
import io.tallystick.schemas.event.InvoiceCommand.Action;
import io.tallystick.schemas.event.InvoiceStatus;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InvoiceLifecycleTest {

    private static final Instant AT = Instant.parse("2026-05-01T01:00:00Z");

    @ParameterizedTest(name = "{0} + {1} -> {2}")
    @CsvSource(textBlock = """
                    none,           finalize,       none
                    none,           void,           none
                    draft,          close,          draft
                    draft,          finalize,       finalized
                    draft,          void,           void
                    draft,          paid,           draft
                    draft,          payment_failed, draft
                    draft,          uncollectible,  draft
                    finalized,      close,          finalized
                    finalized,      finalize,       finalized
                    finalized,      void,           void
                    finalized,      paid,           paid
                    finalized,      payment_failed, payment_failed
                    finalized,      uncollectible,  uncollectible
                    paid,           close,          paid
                    paid,           finalize,       paid
                    paid,           void,           paid
                    paid,           paid,           paid
                    paid,           payment_failed, paid
                    paid,           uncollectible,  paid
                    payment_failed, close,          payment_failed
                    payment_failed, finalize,       payment_failed
                    payment_failed, void,           payment_failed
                    payment_failed, paid,           paid
                    payment_failed, payment_failed, payment_failed
                    payment_failed, uncollectible,  uncollectible
                    uncollectible,  close,          uncollectible
                    uncollectible,  finalize,       uncollectible
                    uncollectible,  void,           uncollectible
                    uncollectible,  paid,           paid
                    uncollectible,  payment_failed, uncollectible
                    uncollectible,  uncollectible,  uncollectible
                    void,           close,          void
                    void,           finalize,       void
                    void,           void,           void
                    void,           paid,           void
                    void,           payment_failed, void
                    void,           uncollectible,  void
                    """)
    void whatBecomesOfAnInvoice(String status, String what, String then) {
        Invoice before = "none".equals(status) ? null : draft().after(new InvoiceChange(parse(status), AT, 1, ""));

        List<InvoiceEvent> events = switch (what) {
            case "close" -> InvoiceLifecycle.decide(before, draft(), AT);
            default ->
                InvoiceLifecycle.decide(before, command("acme", Action.valueOf(what.toUpperCase(Locale.ROOT))), AT);
        };

        Invoice after = before;
        for (InvoiceEvent event : events) {
            after = InvoiceLifecycle.evolve(after, event);
        }
        assertThat(after == null ? "none" : after.status().text()).isEqualTo(then);
        assertThat(events).hasSize(status.equals(then) ? 0 : 1);
    }

    @Test
    void aCloseWithoutAnInvoiceDraftsIt() {
        List<InvoiceEvent> events = InvoiceLifecycle.decide(null, draft(), AT);

        Invoice drafted = InvoiceLifecycle.evolve(null, events.get(0));
        assertThat(drafted.history()).containsExactly(new InvoiceChange(InvoiceStatus.DRAFT, AT, 5, ""));
        assertThat(drafted).isEqualTo(draft().after(drafted.history().get(0)));
    }

    @Test
    void aChangeNamesItsCause() {
        List<InvoiceEvent> events = InvoiceLifecycle.decide(draft(), command("acme", Action.VOID), AT);

        Invoice voided = InvoiceLifecycle.evolve(draft(), events.get(0));

        assertThat(voided.sequence()).isEqualTo(9);
        assertThat(voided.reason()).isEqualTo("test");
        assertThat(voided.history()).containsExactly(new InvoiceChange(InvoiceStatus.VOID, AT, 9, "test"));
        assertThat(voided.number()).isEqualTo(draft().number());
        assertThat(voided.digest()).isEqualTo(draft().digest());
    }

    @Test
    void anotherTenantsCommandChangesNothing() {
        assertThat(InvoiceLifecycle.decide(draft(), command("globex", Action.VOID), AT))
                .isEmpty();
    }

    @Test
    void aChangeOfNothingIsABug() {
        InvoiceEvent change = new InvoiceEvent.StatusChanged(new InvoiceChange(InvoiceStatus.VOID, AT, 9, ""));

        assertThatThrownBy(() -> InvoiceLifecycle.evolve(null, change)).isInstanceOf(IllegalStateException.class);
    }

    private static InvoiceStatus parse(String status) {
        return InvoiceStatus.valueOf(status.toUpperCase(Locale.ROOT));
    }

    private static InvoiceCommand command(String tenant, Action action) {
        return new InvoiceCommand(tenant, 0, 9, 7, "acme-main-2026-04-01", action, "test");
    }

    private static Invoice draft() {
        var subscription = TestingInvoices.subscription("acme", "acme-main");
        return TestingInvoices.draft(
                TestingInvoices.closed("acme", "acme-main", TestingInvoices.APRIL, 5),
                subscription,
                List.of(TestingInvoices.fee("499.00")),
                List.of());
    }
}
