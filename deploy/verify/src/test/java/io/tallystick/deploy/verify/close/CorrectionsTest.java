package io.tallystick.deploy.verify.close;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.deploy.verify.Seed;
import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.Invoice;
import io.tallystick.schemas.event.InvoiceCommand;
import io.tallystick.schemas.event.LineItem;
import io.tallystick.schemas.value.Period;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever comes late, is taken back or is issued again: what was billed adds up to one clean rating, and no invoice that was issued changes. */
class CorrectionsTest {

    private static final String APRIL = "acme-2026-04-01";
    private static final Instant IN_APRIL = Instant.parse("2026-04-20T10:00:00Z");
    private static final int SIMULATIONS = Integer.getInteger("corrections.simulations", 60);

    @TempDir
    private Path directory;

    @Test
    void lateUsageTwiceAndThenAVoidAddUpOnTheNextInvoices() {
        try (CorrectedLedger ledger = new CorrectedLedger(directory)) {
            assertCorrected(ledger, 3, List.of(APRIL, "acme-2026-05-01", "acme-2026-06-01", "acme-2026-07-01"));
        }
    }

    @Test
    void lateUsageTwiceAndThenAVoidAddUpWithACreditNote() {
        try (CorrectedLedger ledger = new CorrectedLedger(directory, "lateUsage: credit_note")) {
            assertCorrected(
                    ledger, 3, List.of(APRIL, APRIL + "-c1", "acme-2026-05-01", "acme-2026-06-01", "acme-2026-07-01"));
            assertThat(ledger.invoice(APRIL + "-c1").total()).isEqualTo("-97.00");
            assertThat(ledger.invoice("acme-2026-07-01").lines()).isEmpty();
        }
    }

    @Test
    void lateUsageTwiceAndThenAVoidAddUpOnAdjustmentInvoicesWhereNoInvoiceFollows() {
        try (CorrectedLedger ledger = new CorrectedLedger(directory, "end: \"2026-05-01T00:00:00Z\"")) {
            assertCorrected(ledger, 0, List.of(APRIL, APRIL + "-a1", APRIL + "-a2", APRIL + "-a3"));
        }
    }

    @Test
    void whatIsOnlyReportedIsOnNoInvoice() {
        try (CorrectedLedger ledger = new CorrectedLedger(directory, "lateUsage: report_only")) {
            Period april = ledger.period(0);
            ledger.use(IN_APRIL, "99");
            ledger.close(april);
            ledger.use(IN_APRIL, "2");
            ledger.close(ledger.period(1));

            assertThat(ledger.billed()).isEqualTo("99.00");
            assertThat(ledger.invoice("acme-2026-05-01").lines()).isEmpty();
        }
    }

    /** 99 units, 2 late, 2 late again, and the 99 voided: each booked at the marker behind it. */
    private void assertCorrected(CorrectedLedger ledger, int laterPeriods, List<String> invoices) {
        Period april = ledger.period(0);
        ledger.use(IN_APRIL, "99");
        ledger.close(april);
        byte[] original = TopicCodecs.INVOICES.encode(ledger.invoice(APRIL));
        assertThat(ledger.billed()).isEqualTo("99.00").isEqualTo(ledger.clean(List.of(april)));

        List<String> after = List.of("100.33", "101.00", "4.00");
        for (int step = 0; step < after.size(); step++) {
            if (step < 2) {
                ledger.use(IN_APRIL.plusSeconds(7200), "2");
            } else {
                ledger.voidEvent(0);
            }
            if (laterPeriods == 0) {
                ledger.adjust(april);
            } else {
                ledger.close(ledger.period(step + 1));
            }

            assertThat(ledger.billed()).isEqualTo(after.get(step)).isEqualTo(ledger.clean(List.of(april)));
            assertThat(TopicCodecs.INVOICES.encode(ledger.invoice(APRIL))).isEqualTo(original);
        }
        assertThat(ledger.ids()).containsExactlyElementsOf(invoices);
        assertThat(ledger.written())
                .filteredOn(invoice -> !invoice.id().equals(APRIL))
                .flatExtracting(Invoice::lines)
                .allSatisfy(line -> {
                    assertThat(line.kind()).isEqualTo(LineItem.Kind.ADJUSTMENT);
                    assertThat(line.adjusts().period()).isEqualTo(april);
                });
        assertNumbered(ledger);
    }

    @Test
    void anySequenceOfCorrectionsEndsAtTheAmountOfOneCleanRating() {
        Random random = Seed.random("corrections");
        for (int run = 0; run < SIMULATIONS; run++) {
            String policy = random.nextBoolean() ? "lateUsage: credit_note" : "lateUsage: next_invoice";
            try (CorrectedLedger ledger = new CorrectedLedger(directory.resolve(Integer.toString(run)), policy)) {
                List<Period> closed = new ArrayList<>();
                for (int month = 0; month < 6; month++) {
                    for (int change = random.nextInt(8); change > 0; change--) {
                        correct(ledger, month, closed, random);
                    }
                    ledger.close(ledger.period(month));
                    closed.add(ledger.period(month));

                    assertThat(ledger.billed())
                            .as("run %d, %s, %d months", run, policy, month + 1)
                            .isEqualByComparingTo(ledger.clean(closed));
                }
                assertNumbered(ledger);
            }
        }
    }

    @Test
    void anySequenceOfCorrectionsAddsUpWhereNoInvoiceFollows() {
        Random random = Seed.random("corrections at the end");
        for (int run = 0; run < SIMULATIONS; run++) {
            String policy = random.nextBoolean() ? "lateUsage: credit_note" : "lateUsage: next_invoice";
            try (CorrectedLedger ledger = new CorrectedLedger(
                    directory.resolve(Integer.toString(run)), policy, "end: \"2026-06-01T00:00:00Z\"")) {
                List<Period> closed = List.of(ledger.period(0), ledger.period(1));
                closed.forEach(ledger::close);
                for (int day = 0; day < 6; day++) {
                    for (int change = random.nextInt(5); change > 0; change--) {
                        correct(ledger, 1, closed, random);
                    }
                    ledger.adjust(closed.get(1));

                    assertThat(ledger.billed())
                            .as("run %d, %s, day %d", run, policy, day)
                            .isEqualByComparingTo(ledger.clean(closed));
                }
                assertNumbered(ledger);
            }
        }
    }

    @Test
    void whatAVoidedCreditNoteHeldIsOnTheNextOne() {
        try (CorrectedLedger ledger = new CorrectedLedger(directory, "lateUsage: credit_note")) {
            Period april = ledger.period(0);
            ledger.use(IN_APRIL, "99");
            ledger.close(april);
            ledger.use(IN_APRIL, "-10");
            ledger.close(ledger.period(1));
            assertThat(ledger.invoice(APRIL + "-c1").total()).isEqualTo("-10.00");
            ledger.command(APRIL + "-c1", InvoiceCommand.Action.VOID);
            ledger.use(IN_APRIL, "-1");
            ledger.close(ledger.period(2));

            assertThat(ledger.invoice(APRIL + "-c2").total()).isEqualTo("-11.00");
            assertThat(ledger.billed()).isEqualTo("88.00").isEqualTo(ledger.clean(List.of(april)));
            ledger.command(APRIL + "-c1", InvoiceCommand.Action.VOID); // once more, which changes nothing
            ledger.command(APRIL + "-c2", InvoiceCommand.Action.FINALIZE);
            ledger.command(APRIL + "-c2", InvoiceCommand.Action.PAID);
            ledger.command(APRIL + "-c2", InvoiceCommand.Action.VOID); // too late
            ledger.close(ledger.period(3));
            assertThat(ledger.billed()).isEqualTo("88.00");
            assertThat(ledger.ids()).doesNotContain(APRIL + "-c3");
        }
    }

    @Test
    void whatAVoidedAdjustmentInvoiceHeldIsOnTheNextOne() {
        try (CorrectedLedger ledger = new CorrectedLedger(directory, "end: \"2026-05-01T00:00:00Z\"")) {
            Period april = ledger.period(0);
            ledger.use(IN_APRIL, "99");
            ledger.close(april);
            ledger.use(IN_APRIL, "-10");
            ledger.adjust(april);
            ledger.command(APRIL + "-a1", InvoiceCommand.Action.VOID);
            assertThat(ledger.billed()).isEqualTo("99.00");
            ledger.adjust(april);

            assertThat(ledger.invoice(APRIL + "-a2").total()).isEqualTo("-10.00");
            ledger.reissue(april); // takes all that is right now, less what the other has
            assertThat(ledger.billed()).isEqualTo("89.00");
            ledger.command(APRIL + "-a2", InvoiceCommand.Action.VOID);
            ledger.reissue(april); // has it all
            ledger.adjust(april);
            assertThat(ledger.billed()).isEqualTo("89.00");
        }
    }

    /** What an operator or a provider asks of a credit note or an adjustment invoice, whether or not it can become that. */
    private static void command(CorrectedLedger ledger, Random random) {
        List<String> documents =
                ledger.ids().stream().filter(id -> id.matches(".*-[ac][0-9]+")).toList();
        if (!documents.isEmpty()) {
            InvoiceCommand.Action[] actions = InvoiceCommand.Action.values();
            ledger.command(
                    documents.get(random.nextInt(documents.size())),
                    random.nextBoolean() ? InvoiceCommand.Action.VOID : actions[random.nextInt(actions.length)]);
        }
    }

    /**
     * Usage of a month that is over or under way, an event that is voided, an invoice that is voided and issued again, or what becomes of a credit note or
     * adjustment invoice.
     */
    private static void correct(CorrectedLedger ledger, int month, List<Period> closed, Random random) {
        if (random.nextInt(4) == 0) {
            command(ledger, random);
        }
        if (!closed.isEmpty() && random.nextInt(5) == 0) {
            ledger.reissue(closed.get(random.nextInt(closed.size())));
            return;
        }
        if (ledger.events() > 0 && random.nextInt(4) == 0) {
            ledger.voidEvent(random.nextInt(ledger.events()));
            return;
        }
        Period period = ledger.period(random.nextInt(month + 1));
        long hours = period.length().toHours();
        BigDecimal units = BigDecimal.valueOf(random.nextInt(4000), 1);
        ledger.use(
                period.start().plusSeconds(3600 * random.nextLong(hours)),
                random.nextInt(3) == 0 ? units.negate().toPlainString() : units.toPlainString());
    }

    /** Numbers count up from 1 without a gap, in the order that invoices came about. */
    private static void assertNumbered(CorrectedLedger ledger) {
        List<String> numbers = ledger.written().stream()
                .map(Invoice::number)
                .distinct()
                .map(number -> number.substring(number.lastIndexOf('-') + 1))
                .toList();
        for (int i = 0; i < numbers.size(); i++) {
            assertThat(numbers.get(i)).isEqualTo(Integer.toString(i + 1));
        }
        assertThat(numbers).hasSize(ledger.ids().size());
    }
}
