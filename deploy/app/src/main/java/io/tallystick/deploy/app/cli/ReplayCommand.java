package io.tallystick.deploy.app.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tallystick.deploy.app.Failure;
import io.tallystick.deploy.app.bundle.BundleLog;
import io.tallystick.deploy.app.replay.Finding;
import io.tallystick.deploy.app.replay.LogSource;
import io.tallystick.deploy.app.replay.PacedLog;
import io.tallystick.deploy.app.replay.Replay;
import io.tallystick.deploy.app.replay.Replay.Compared;
import io.tallystick.schemas.event.Invoice;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code replay}: derives invoices from the log again and compares. */
@Command(
        name = "replay",
        description = "Derive invoices from the log again, and say where what stands is something else.")
final class ReplayCommand implements Callable<Integer> {

    private static final JsonMapper JSON = new JsonMapper();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private LogOptions log;

    @Option(names = "--invoice", paramLabel = "ID", description = "Only this one, against its tenant's partition.")
    private @Nullable String invoice;

    @Option(
            names = "--period",
            paramLabel = "MONTH",
            converter = Instants.Month.class,
            description = "Only invoices of periods that start in this month, as 2026-04.")
    private @Nullable String period;

    @Option(
            names = "--version",
            paramLabel = "V",
            description = "Rate under this pricing version instead, and print who would pay what.")
    private @Nullable String version;

    @Option(
            names = "--from",
            paramLabel = "DIR",
            description = "A bundle that 'export' wrote, in place of a cluster: its invoices against its own log.")
    private @Nullable Path from;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "How many partitions are derived at once (default: as many as there are processors).")
    private @Nullable Integer threads;

    @Option(
            names = "--partitions",
            paramLabel = "FROM-TO",
            converter = PartitionRange.Converter.class,
            description = "Only these, as 0-3 or 5: several processes may share the work.")
    private @Nullable PartitionRange partitions;

    @Mixin
    @SuppressWarnings("UnusedVariable") // picocli looks at it
    private final HelpOption help = new HelpOption();

    @Option(names = "--json", description = "Print the result as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        int workers = threads == null ? Runtime.getRuntime().availableProcessors() : threads;
        if (workers < 1) {
            throw Failure.wrongInput("--threads is " + workers, "it is at least 1");
        }
        log.requireSpaceOfCluster();
        try (LogSource source = from == null ? PacedLog.of(log.open()) : BundleLog.open(from);
                TemporaryDirectory directory = TemporaryDirectory.make("tallystick-replay-")) {
            Replay replay = new Replay(source, directory.path(), workers);
            Replay.Report report = ReplayProgress.show("read", replay::progress, () -> report(source, replay), err);
            if (report.invoices().isEmpty() && report.findings().isEmpty() && invoice != null) {
                throw Failure.wrongInput("there is no invoice " + invoice, "see 'tallystick invoices'");
            }
            if (report.invoices().isEmpty() && report.findings().isEmpty() && period != null && partitions == null) {
                throw Failure.wrongInput(
                        "there is no invoice of a period that starts in " + period, "see 'tallystick invoices'");
            }
            if (json) {
                out.println(Output.json(tree(report)));
            } else if (version == null) {
                print(report, out);
            } else {
                printVersion(report, out);
            }
            return report.differences() == 0 ? 0 : Failure.CHECK_FAILED;
        }
    }

    /** Of a bundle first whether it is what its manifest says: nothing is derived from damaged files. */
    private Replay.Report report(LogSource source, Replay replay) {
        if (!(source instanceof BundleLog bundle)) {
            return replay.run(new Replay.Request(chosen(null), tenant(), invoice == null, version, partitions(source)));
        }
        List<Finding> damage = bundle.damage();
        return damage.isEmpty()
                ? replay.run(new Replay.Request(chosen(bundle.period()), null, false, version, partitions(source)))
                : new Replay.Report(List.of(), damage, damage.size(), 0, 0);
    }

    private IntPredicate partitions(LogSource source) {
        PartitionRange range = partitions;
        if (range == null) {
            return partition -> true;
        }
        if (range.last() >= source.topics().partitions()) {
            throw Failure.wrongInput(
                    "--partitions names " + range.last() + ", the space has 0 to "
                            + (source.topics().partitions() - 1),
                    "name those that there are");
        }
        return range::contains;
    }

    /** @param all the month of what there is, or null when there is more */
    private Predicate<Invoice> chosen(@Nullable YearMonth all) {
        YearMonth month = period == null ? all : YearMonth.parse(period);
        return one -> (invoice == null || invoice.equals(one.id()))
                && (month == null || month.equals(YearMonth.from(one.firstDay())));
    }

    /** The invoice's tenant, where the service says who that is; a cluster alone is read whole. */
    private @Nullable String tenant() {
        if (invoice == null || log.isClusterAlone()) {
            return null;
        }
        return log.client()
                .get("/api/v1/invoices/" + ServiceClient.segment(invoice), Map.of())
                .path("tenant")
                .asText();
    }

    private static void print(Replay.Report report, PrintWriter out) {
        Table table = new Table("invoice", "total>", "", "result", "digest");
        for (Compared one : report.invoices()) {
            Invoice shown = shown(one);
            table.row(
                    one.id(),
                    shown.total().toPlainString(),
                    shown.currency(),
                    one.differences().isEmpty() ? "identical" : "different",
                    shown.digest());
        }
        out.println(table.isEmpty() ? "no invoices" : table.toString());
        for (Compared one : report.invoices()) {
            one.differences().forEach(difference -> out.println("invoice " + one.id() + ": " + difference));
        }
        for (Finding finding : report.findings()) {
            out.println(finding.place() + ": " + finding.difference());
        }
        out.println(report.invoices().size() + " invoices"
                + (report.events() == 0 ? "" : " and " + report.events() + " events") + ": "
                + (report.differences() == 0 ? "identical" : report.differences() + " differences"));
    }

    private static void printVersion(Replay.Report report, PrintWriter out) {
        Table table = new Table("invoice", "tenant", "as it stands>", "under the version>", "difference>", "");
        for (Compared one : report.invoices()) {
            Invoice shown = shown(one);
            Invoice standing = one.standing();
            Invoice derived = one.derived();
            table.row(
                    one.id(),
                    shown.tenant(),
                    standing == null ? "-" : standing.total().toPlainString(),
                    derived == null ? "-" : derived.total().toPlainString(),
                    difference(standing, derived),
                    shown.currency());
        }
        out.println(table.isEmpty() ? "no invoices" : table.toString());
    }

    private static String difference(@Nullable Invoice standing, @Nullable Invoice derived) {
        if (standing == null || derived == null || !standing.currency().equals(derived.currency())) {
            return "-";
        }
        BigDecimal difference = derived.total().subtract(standing.total());
        return difference.toPlainString();
    }

    private static Invoice shown(Compared one) {
        Invoice standing = one.standing();
        Invoice derived = one.derived();
        if (standing != null) {
            return standing;
        }
        if (derived == null) {
            throw new IllegalStateException("nothing stands and nothing follows");
        }
        return derived;
    }

    private ObjectNode tree(Replay.Report report) {
        ObjectNode tree = JSON.createObjectNode();
        tree.put("identical", version == null && report.differences() == 0);
        tree.put("differences", report.differences());
        tree.put("events", report.events());
        tree.put("records", report.records());
        ArrayNode invoices = tree.putArray("invoices");
        for (Compared one : report.invoices()) {
            Invoice shown = shown(one);
            Invoice standing = one.standing();
            Invoice derived = one.derived();
            ObjectNode row = invoices.addObject();
            row.put("id", one.id());
            row.put("tenant", shown.tenant());
            row.put("currency", shown.currency());
            row.put("total", standing == null ? null : standing.total().toPlainString());
            row.put("digest", standing == null ? null : standing.digest());
            row.put("derivedTotal", derived == null ? null : derived.total().toPlainString());
            row.put("derivedDigest", derived == null ? null : derived.digest());
            row.put("difference", difference(standing, derived));
            ArrayNode differences = row.putArray("differences");
            one.differences().forEach(differences::add);
        }
        ArrayNode findings = tree.putArray("findings");
        for (Finding finding : report.findings()) {
            findings.addObject().put("place", finding.place()).put("difference", finding.difference());
        }
        return tree;
    }
}
