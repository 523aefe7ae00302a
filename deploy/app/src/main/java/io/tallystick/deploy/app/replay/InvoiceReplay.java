package io.tallystick.deploy.app.replay;

import io.tallystick.deploy.app.Failure;
import io.tallystick.deploy.app.derive.AcceptedDerivation;
import io.tallystick.schemas.catalog.Subscription;
import io.tallystick.schemas.event.Invoice;
import io.tallystick.schemas.event.InvoiceDigest;
import io.tallystick.schemas.event.LineItem;
import io.tallystick.schemas.topic.CatalogReader;
import io.tallystick.schemas.topic.Topic;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Derives the invoices of one partition from its {@code usage.accepted}, by the stages themselves, and compares them with what stands. */
final class InvoiceReplay {

    private final LogSource source;
    private final CatalogReader catalogs;
    private final Function<String, Subscription> subscriptions;
    private final Path directory;
    private final AtomicLong records;
    private final Findings findings;

    /**
     * @param subscriptions reads the documents that the rater prices by
     * @param records counts what is read
     */
    InvoiceReplay(
            LogSource source,
            CatalogReader catalogs,
            Function<String, Subscription> subscriptions,
            Path directory,
            AtomicLong records,
            Findings findings) {
        this.source = source;
        this.catalogs = catalogs;
        this.subscriptions = subscriptions;
        this.directory = directory;
        this.records = records;
        this.findings = findings;
    }

    /** Every invoice of the partition in its last state, by id; a finding where a record cannot be derived from, with what came before it. */
    Map<String, Invoice> derive(int partition) {
        Map<String, Invoice> derived = new TreeMap<>();
        Topic accepted = source.topics().usageAccepted();
        AtomicLong at = new AtomicLong(-1);
        try (AcceptedDerivation derivation = new AcceptedDerivation(
                source.topics(),
                partition,
                source.log(),
                catalogs,
                subscriptions,
                directory.resolve(Integer.toString(partition)),
                invoice -> derived.put(invoice.id(), invoice))) {
            try {
                source.read(accepted, partition, source.end(accepted, partition), record -> {
                    at.set(record.offset());
                    derivation.take(record.key(), record.value(), record.timestamp(), record.offset());
                    records.incrementAndGet();
                });
                derivation.commit();
            } catch (Failure e) {
                throw e;
            } catch (RuntimeException e) { // whatever a stage throws at what it cannot follow
                findings.add(Finding.at(
                        accepted.name(), partition, at.get(), "nothing follows from here on: " + e.getMessage()));
            }
        }
        return derived;
    }

    /** What is different; empty when the bills are the same bytes. */
    static List<String> differences(Invoice standing, @Nullable Invoice derived) {
        List<String> differences = new ArrayList<>();
        String digest = InvoiceDigest.of(standing);
        if (!digest.equals(standing.digest())) {
            differences.add("its content does not have its digest " + standing.digest() + " but " + digest);
        }
        if (derived == null) {
            differences.add("the log does not give it");
            return differences;
        }
        if (InvoiceDigest.canonical(standing).equals(InvoiceDigest.canonical(derived))) {
            if (differences.isEmpty() && !standing.digest().equals(derived.digest())) {
                differences.add("digest " + standing.digest() + " stands, the log gives " + derived.digest());
            }
            return differences;
        }
        compareLines(standing, derived, differences);
        if (standing.total().compareTo(derived.total()) != 0) {
            differences.add("total " + standing.total().toPlainString() + " stands, the log gives "
                    + derived.total().toPlainString());
        }
        if (!standing.shadow().equals(derived.shadow())) {
            differences.add("shadow amounts differ");
        }
        if (differences.isEmpty()) {
            differences.add("digest " + standing.digest() + " stands, the log gives " + derived.digest());
        }
        return differences;
    }

    private static void compareLines(Invoice standing, Invoice derived, List<String> differences) {
        Map<String, LineItem> expected = new LinkedHashMap<>();
        derived.lines().forEach(line -> expected.put(line.line(), line));
        for (LineItem line : standing.lines()) {
            LineItem other = expected.remove(line.line());
            if (other == null) {
                differences.add(
                        "line " + line.line() + " of " + line.amount().toPlainString() + " stands, the log gives none");
            } else if (!line.equals(other)) {
                differences.add(
                        "line " + line.line() + ": " + described(line) + " stands, the log gives " + described(other));
            }
        }
        expected.values()
                .forEach(line -> differences.add(
                        "line " + line.line() + " of " + line.amount().toPlainString() + " is missing"));
    }

    private static String described(LineItem line) {
        return Objects.toString(line.quantity() == null ? null : line.quantity().toPlainString(), "-") + " for "
                + line.amount().toPlainString() + " by " + line.pricingVersion();
    }
}
