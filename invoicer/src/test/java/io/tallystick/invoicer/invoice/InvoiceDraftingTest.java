package io.tallystick.invoicer.invoice;

import static io.tallystick.invoicer.invoice.TestingInvoices.APRIL;
import static io.tallystick.invoicer.invoice.TestingInvoices.MAY;
import static io.tallystick.invoicer.invoice.TestingInvoices.adjustment;
import static io.tallystick.invoicer.invoice.TestingInvoices.closed;
import static io.tallystick.invoicer.invoice.TestingInvoices.fee;
import static io.tallystick.invoicer.invoice.TestingInvoices.revision;
import static io.tallystick.invoicer.invoice.TestingInvoices.shadow;
import static io.tallystick.invoicer.invoice.TestingInvoices.usage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallystick.schemas.catalog.Subscription;
import io.tallystick.schemas.catalog.Subscription.LateUsage;
import io.tallystick.schemas.event.Invoice;
import io.tallystick.schemas.event.InvoiceChange;
import io.tallystick.schemas.event.InvoiceDigest;
import io.tallystick.schemas.event.InvoiceLine;
import io.tallystick.schemas.event.InvoiceStatus;
import io.tallystick.schemas.event.LineItem;
import io.tallystick.schemas.event.PeriodClosed;
import io.tallystick.schemas.event.Shadow;
import java.util.List;
import org.junit.jupiter.api.Test;

class InvoiceDraftingTest {

    private static final Subscription MAIN = TestingInvoices.subscription("acme", "acme-main");

    @Test
    void aDraftHoldsTheLinesInOrderAndTheirSum() {
        Invoice draft = draft(
                List.of(
                        usage("tokens", "b", "3", "0.5", "1.50"),
                        usage("tokens", "a", "-1", "0.5", "-0.50"),
                        fee("499.00")),
                List.of());

        assertThat(draft.lines())
                .extracting(LineItem::line)
                .containsExactly("fee/platform_fee", "usage/tokens/a", "usage/tokens/b");
        assertThat(draft.total()).isEqualTo("500.00");
        assertThat(draft.id()).isEqualTo("acme-main-2026-04-01");
        assertThat(draft.number()).isEqualTo("INV-2026-04-acme-1");
        assertThat(draft.status()).isEqualTo(InvoiceStatus.DRAFT);
        assertThat(draft.cut()).hasSize(1);
        assertThat(draft.catalogRevision()).isEqualTo("sha256:" + "7".repeat(64));
    }

    @Test
    void aPeriodWithoutLinesIsAnInvoiceOverNothing() {
        Invoice draft = draft(List.of(), List.of());

        assertThat(draft.total()).isEqualTo("0.00");
        assertThat(draft.currency()).isEqualTo("USD");
    }

    @Test
    void linesOverNothingAreLeftOutSaveFees() {
        Invoice draft = draft(
                List.of(
                        fee("0.00"),
                        usage("a", "", "0", "1", "0.00"),
                        usage("b", "", "0.001", "1", "0.00"),
                        usage("c", "", "0", "1", "0.01")),
                List.of());

        assertThat(draft.lines()).extracting(LineItem::charge).containsExactly("platform_fee", "b", "c");
    }

    @Test
    void aReissueSaysWhichOneItIs() {
        PeriodClosed first = closed("acme", "acme-main", APRIL, 5);
        PeriodClosed second = new PeriodClosed("acme", 0, 9, 7, "acme-main", APRIL, 2, first.cut(), first.coverage());

        assertThat(InvoiceDrafting.idOf(MAIN, first)).isEqualTo("acme-main-2026-04-01");
        assertThat(InvoiceDrafting.idOf(MAIN, second)).isEqualTo("acme-main-2026-04-01-r2");
    }

    @Test
    void aMarkerWithoutItsPlaceInTheLogIsABug() {
        PeriodClosed placeless = new PeriodClosed("acme", 0, 5, 7, "acme-main", APRIL, 1, null, null);

        assertThatThrownBy(() -> TestingInvoices.draft(placeless, MAIN, List.of(), List.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theDigestIsTakenOverThePublishedForm() {
        Invoice draft = draft(
                List.of(fee("499.00"), usage("compute", "large", "25000", "0.0020", "50.00")),
                List.of(shadow("v1_request", "600.00", "51.00")));

        assertThat(InvoiceDigest.canonical(draft))
                .isEqualTo("{\"currency\":\"USD\",\"id\":\"acme-main-2026-04-01\",\"lines\":["
                        + "{\"amount\":\"499.00\",\"charge\":\"platform_fee\",\"description\":\"Platform fee\","
                        + "\"dimensions\":{},\"kind\":\"fee\",\"line\":\"fee/platform_fee\","
                        + "\"period\":{\"end\":\"2026-05-01T00:00:00Z\",\"start\":\"2026-04-01T00:00:00Z\"},"
                        + "\"pricingVersion\":\"v2_compute\"},"
                        + "{\"amount\":\"50.00\",\"billable\":\"25000\",\"charge\":\"compute\","
                        + "\"description\":\"compute of large\",\"dimensions\":{\"model\":\"large\"},"
                        + "\"included\":\"0\",\"kind\":\"usage\",\"line\":\"usage/compute/large\","
                        + "\"meter\":\"worker_seconds\",\"metered\":\"25000\","
                        + "\"period\":{\"end\":\"2026-05-01T00:00:00Z\",\"start\":\"2026-04-01T00:00:00Z\"},"
                        + "\"pricingVersion\":\"v2_compute\",\"quantity\":\"25000\","
                        + "\"tiers\":[{\"amount\":\"50.00\",\"flat\":\"0\",\"quantity\":\"25000\","
                        + "\"unitPrice\":\"0.0020\",\"upTo\":null}],\"unitPrice\":\"0.0020\"}],"
                        + "\"period\":{\"end\":\"2026-05-01T00:00:00Z\",\"start\":\"2026-04-01T00:00:00Z\"},"
                        + "\"shadow\":[{\"difference\":\"51.00\",\"explanation\":\"under v1_request\","
                        + "\"pricingVersion\":\"v1_request\",\"total\":\"600.00\"}],"
                        + "\"subscription\":\"acme-main\",\"tenant\":\"acme\",\"total\":\"549.00\"}");
        assertThat(draft.digest()).isEqualTo("sha256:b0f4e01058696f3ebcda6f3535c64542356d15f07d86f62e25b89000de529a41");
    }

    @Test
    void theDigestLeavesOutWhatMayDifferBetweenTwoDerivations() {
        Invoice first = draft(List.of(fee("499.00")), List.of());
        Invoice second = InvoiceDrafting.drafts(
                        closed("acme", "acme-main", APRIL, 77),
                        MAIN,
                        List.of(fee("499.00")),
                        List.of(),
                        revision(MAIN),
                        9,
                        id -> false)
                .get(0);

        assertThat(second.number()).isNotEqualTo(first.number());
        assertThat(second.digest()).isEqualTo(first.digest());
        assertThat(InvoiceDigest.of(first.after(new InvoiceChange(InvoiceStatus.VOID, APRIL.end(), 8, "mistake"))))
                .isEqualTo(first.digest());
    }

    @Test
    void oneCentChangesTheDigest() {
        assertThat(draft(List.of(fee("499.00")), List.of()).digest())
                .isNotEqualTo(draft(List.of(fee("499.01")), List.of()).digest());
    }

    @Test
    void shadowsStandInOrderOfTheirVersions() {
        Invoice draft = draft(List.of(), List.of(shadow("v3", "1.00", "1.00"), shadow("v1", "2.00", "2.00")));

        assertThat(draft.shadow()).extracting(Shadow::pricingVersion).containsExactly("v1", "v3");
    }

    @Test
    void anAdjustmentStandsOnTheNextInvoice() {
        Invoice may = TestingInvoices.draft(
                closed("acme", "acme-main", MAY, 9),
                MAIN,
                List.of(adjustment("usage/a", "-3.00"), fee("499.00"), adjustment("usage/b", "1.00")),
                List.of());

        assertThat(may.total()).isEqualTo("497.00");
        assertThat(may.lines()).extracting(LineItem::charge).containsExactly("platform_fee", "compute", "compute");
    }

    @Test
    void aCreditNoteTakesWhatEarlierPeriodsBecameCheaper() {
        Subscription credited = TestingInvoices.subscription("acme", "acme-main", LateUsage.CREDIT_NOTE);

        List<Invoice> drafts = InvoiceDrafting.drafts(
                closed("acme", "acme-main", MAY, 9),
                credited,
                List.of(adjustment("usage/a", "-3.00"), fee("499.00"), adjustment("usage/b", "1.00")),
                List.of(shadow("v1", "2.00", "2.00")),
                revision(credited),
                6,
                "acme-main-2026-04-01-c1"::equals);

        assertThat(drafts)
                .extracting(draft -> draft.id() + " " + draft.number() + " " + draft.total())
                .containsExactly(
                        "acme-main-2026-05-01 INV-2026-05-acme-7 500.00",
                        "acme-main-2026-04-01-c2 INV-2026-04-acme-8 -3.00");
        assertThat(drafts.get(1).period()).isEqualTo(APRIL);
        assertThat(drafts.get(1).shadow()).isEmpty();
        assertThat(drafts.get(1).digest()).isNotEqualTo(drafts.get(0).digest());
    }

    @Test
    void aMarkerForAdjustmentsMakesAnInvoiceOfThemAlone() {
        List<Invoice> drafts = again(PeriodClosed.ADJUSTMENTS, MAIN, List.of(adjustment("usage/a", "-3.00")));

        assertThat(drafts)
                .extracting(draft -> draft.id() + " " + draft.number() + " " + draft.total())
                .containsExactly("acme-main-2026-05-01-a2 INV-2026-05-acme-7 -3.00");
    }

    @Test
    void aMarkerForAdjustmentsMayComeToCreditNotesAloneOrToNothing() {
        Subscription credited = TestingInvoices.subscription("acme", "acme-main", LateUsage.CREDIT_NOTE);

        assertThat(again(PeriodClosed.ADJUSTMENTS, credited, List.of(adjustment("usage/a", "-3.00"))))
                .extracting(draft -> draft.id() + " " + draft.number())
                .containsExactly("acme-main-2026-04-01-c1 INV-2026-04-acme-7");
        assertThat(again(PeriodClosed.ADJUSTMENTS, credited, List.of())).isEmpty();
    }

    @Test
    void aReissueKeepsTheCorrectionsThatLowerItAndMakesNoCreditNote() {
        Subscription credited = TestingInvoices.subscription("acme", "acme-main", LateUsage.CREDIT_NOTE);

        assertThat(again(2, credited, List.of(adjustment("usage/a", "-3.00"), fee("499.00"))))
                .extracting(draft -> draft.id() + " " + draft.total())
                .containsExactly("acme-main-2026-05-01-r2 496.00");
    }

    private static List<Invoice> again(int attempt, Subscription subscription, List<LineItem> lines) {
        PeriodClosed first = closed("acme", "acme-main", MAY, 9);
        return InvoiceDrafting.drafts(
                new PeriodClosed("acme", 0, 9, 7, "acme-main", MAY, attempt, first.cut(), first.coverage()),
                subscription,
                lines,
                List.of(),
                revision(subscription),
                6,
                "acme-main-2026-05-01-a1"::equals);
    }

    @Test
    void eachLineItemSaysWhereItStands() {
        Invoice draft = draft(List.of(fee("499.00"), usage("compute", "", "1", "1", "1.00")), List.of());

        List<InvoiceLine> items = InvoiceDrafting.lineItems(draft);

        assertThat(items).extracting(InvoiceLine::position).containsExactly(1, 2);
        assertThat(items).extracting(InvoiceLine::lines).containsOnly(2);
        assertThat(items).extracting(InvoiceLine::line).isEqualTo(draft.lines());
        assertThat(items).extracting(InvoiceLine::invoice).containsOnly(draft.id());
    }

    private static Invoice draft(List<LineItem> lines, List<Shadow> shadows) {
        return TestingInvoices.draft(closed("acme", "acme-main", APRIL, 5), MAIN, lines, shadows);
    }
}
