package io.tallystick.invoicer.delivery;

import static io.tallystick.invoicer.invoice.TestingInvoices.APRIL;
import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.invoicer.invoice.TestingInvoices;
import io.tallystick.schemas.catalog.Subscription;
import io.tallystick.schemas.event.Delivery;
import io.tallystick.schemas.event.Delivery.Action;
import io.tallystick.schemas.event.Delivery.Step;
import io.tallystick.schemas.event.Invoice;
import io.tallystick.schemas.event.LineItem;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class InvoiceDeliveriesTest {

    private static final Subscription.Provider STRIPE = new Subscription.Provider("stripe", "invoice", "cus_1");

    @Test
    void anInvoiceIsMadeThenFilledThenComparedThenFinalized() {
        Delivery delivery = InvoiceDeliveries.finalized(
                        invoice(
                                TestingInvoices.fee("499.00"),
                                TestingInvoices.usage("tokens", "a&b", "3", "0.5", "1.50")),
                        STRIPE)
                .orElseThrow();

        assertThat(delivery.steps())
                .extracting(Step::action)
                .containsExactly(
                        Action.CREATE_INVOICE, Action.ADD_ITEM, Action.ADD_ITEM, Action.COMPARE, Action.FINALIZE);
        assertThat(delivery.expected()).isEqualByComparingTo("50050");
        assertThat(delivery.steps().get(0).body())
                .contains("auto_advance=false", "pending_invoice_items_behavior=exclude", "currency=usd");
        assertThat(delivery.steps().get(2).body())
                .contains("invoice={object}", "amount=150", "description=tokens+of+a%26b");
    }

    @Test
    void identitiesFollowFromTheBillAlone() {
        Invoice invoice = invoice(TestingInvoices.fee("499.00"));
        Invoice again = invoice(TestingInvoices.fee("499.00"));
        Invoice other = invoice(TestingInvoices.fee("499.01"));

        assertThat(InvoiceDeliveries.finalized(invoice, STRIPE)).isEqualTo(InvoiceDeliveries.finalized(again, STRIPE));
        assertThat(InvoiceDeliveries.identity(invoice)).isNotEqualTo(InvoiceDeliveries.identity(other));
        assertThat(InvoiceDeliveries.finalized(invoice, STRIPE).orElseThrow().steps())
                .extracting(Step::identity)
                .filteredOn(identity -> !identity.isEmpty())
                .doesNotHaveDuplicates();
    }

    @Test
    void moreLinesThanStripeTakesAreRolledUpWithoutLosingACent() {
        List<LineItem> lines = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            lines.add(TestingInvoices.usage("charge_" + i % 300, "m" + i, "1", "0.01", "0.01"));
        }
        Delivery delivery = InvoiceDeliveries.finalized(invoice(lines.toArray(LineItem[]::new)), STRIPE)
                .orElseThrow();

        assertThat(delivery.steps())
                .filteredOn(step -> step.action() == Action.ADD_ITEM)
                .hasSizeLessThanOrEqualTo(InvoiceItems.ITEMS_MAX);
        assertThat(delivery.expected()).isEqualByComparingTo("400");
    }

    @Test
    void whereUsageGoesToTheProviderTheInvoiceDoesNot() {
        Invoice invoice = invoice(TestingInvoices.fee("499.00"));

        assertThat(InvoiceDeliveries.finalized(invoice, new Subscription.Provider("stripe", "meter_events", "cus_1")))
                .isEmpty();
        assertThat(InvoiceDeliveries.finalized(invoice(), STRIPE)).isEmpty();
    }

    @Test
    void aWithdrawalActsOnWhatTheInvoicesDeliveryMade() {
        Invoice invoice = invoice(TestingInvoices.fee("499.00"));

        Delivery delivery = InvoiceDeliveries.voided(invoice, STRIPE).orElseThrow();

        assertThat(delivery.after()).isEqualTo(InvoiceDeliveries.identity(invoice));
        assertThat(delivery.steps()).extracting(Step::path).containsExactly("/v1/invoices/{object}/void");
    }

    @Test
    void paystackGetsARequestForACustomerAndAChargeForAnAuthorization() {
        Invoice invoice = invoice(TestingInvoices.fee("499.00"));
        Subscription.Provider customer = new Subscription.Provider("paystack", "invoice", "CUS_1");
        Subscription.Provider card = new Subscription.Provider("paystack", "invoice", "AUTH_1 a@example.com");

        Step request = step(invoice, customer);
        Step charge = step(invoice, card);

        assertThat(request.body()).contains("\"amount\":49900", "\"customer\":\"CUS_1\"");
        assertThat(charge.body()).contains("\"reference\":\"{identity}\"", "\"email\":\"a@example.com\"");
        assertThat(charge.identity()).matches("[A-Za-z0-9.=-]+");
    }

    @Test
    void creditForPaystackIsRefusedInWords() {
        Subscription.Provider customer = new Subscription.Provider("paystack", "invoice", "CUS_1");

        Delivery delivery = InvoiceDeliveries.finalized(invoice(TestingInvoices.fee("-0.01")), customer)
                .orElseThrow();

        assertThat(delivery.refusal()).contains("-0.01");
        assertThat(delivery.expected()).isEqualTo(BigDecimal.ZERO);
    }

    private static Step step(Invoice invoice, Subscription.Provider provider) {
        return InvoiceDeliveries.finalized(invoice, provider)
                .orElseThrow()
                .steps()
                .get(0);
    }

    private static Invoice invoice(LineItem... lines) {
        return TestingInvoices.draft(
                TestingInvoices.closed("acme", "acme-main", APRIL, 7),
                TestingInvoices.subscription("acme", "acme-main"),
                List.of(lines),
                List.of());
    }
}
