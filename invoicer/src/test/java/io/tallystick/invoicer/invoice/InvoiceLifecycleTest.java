package io.tallystick.invoicer.invoice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallystick.schemas.event.Invoice;
import io.tallystick.schemas.event.InvoiceCommand;
import io.tallystick.schemas.event.InvoiceCommand.Action;
import io.tallystick.schemas.event.InvoiceStatus;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InvoiceLifecycleTest {

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
        Invoice before = "none".equals(status) ? null : draft().withStatus(parse(status), 1, "");

        List<InvoiceEvent> events = switch (what) {
            case "close" -> InvoiceLifecycle.decide(before, draft());
            case "finalize" -> InvoiceLifecycle.decide(before, command("acme", Action.FINALIZE));
            case "void" -> InvoiceLifecycle.decide(before, command("acme", Action.VOID));
            default -> InvoiceLifecycle.decide(before, parse(what), 9, "");
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
        List<InvoiceEvent> events = InvoiceLifecycle.decide(null, draft());

        assertThat(InvoiceLifecycle.evolve(null, events.get(0))).isEqualTo(draft());
    }

    @Test
    void aChangeNamesItsCause() {
        List<InvoiceEvent> events = InvoiceLifecycle.decide(draft(), command("acme", Action.VOID));

        Invoice voided = InvoiceLifecycle.evolve(draft(), events.get(0));

        assertThat(voided.sequence()).isEqualTo(9);
        assertThat(voided.reason()).isEqualTo("test");
        assertThat(voided.number()).isEqualTo(draft().number());
        assertThat(voided.digest()).isEqualTo(draft().digest());
    }

    @Test
    void anotherTenantsCommandChangesNothing() {
        assertThat(InvoiceLifecycle.decide(draft(), command("globex", Action.VOID)))
                .isEmpty();
    }

    @Test
    void onlyPaymentStatesCanBeReported() {
        for (InvoiceStatus status : List.of(InvoiceStatus.DRAFT, InvoiceStatus.FINALIZED, InvoiceStatus.VOID)) {
            assertThat(InvoiceLifecycle.decide(draft(), status, 9, "")).isEmpty();
        }
    }

    @Test
    void aChangeOfNothingIsABug() {
        InvoiceEvent change = new InvoiceEvent.StatusChanged(InvoiceStatus.VOID, 9, "");

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
