package io.tallystick.deploy.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tallystick.deploy.app.derive.Estimate;
import io.tallystick.deploy.app.derive.OneCatalog;
import io.tallystick.schemas.catalog.Catalog;
import io.tallystick.schemas.catalog.CatalogRevision;
import io.tallystick.schemas.event.Invoice;
import io.tallystick.schemas.event.InvoiceJson;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.StringJoiner;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code estimate}: the invoices that a log of events would give, without a server. */
@Command(name = "estimate", description = "Print the invoices that a file of events would give, without a server.")
final class EstimateCommand implements Callable<Integer> {

    private static final JsonMapper JSON = new JsonMapper();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(names = "--catalog", paramLabel = "FILE", required = true, description = "The catalogue, YAML or JSON.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path catalog;

    @Option(
            names = "--events",
            paramLabel = "FILE",
            required = true,
            description = "CloudEvents, one JSON object a line, in the order of their arrival; - for standard input.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path events;

    @Option(
            names = "--through",
            paramLabel = "INSTANT",
            required = true,
            converter = Instants.WholeHour.class,
            description = "Close every billing period that ends by then.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Instant through;

    @Option(
            names = "--version",
            paramLabel = "V",
            description = "Rate every subscription under this pricing version instead of its own.")
    private @Nullable String version;

    @Option(
            names = "--horizon",
            paramLabel = "DURATION",
            converter = Instants.PositiveDuration.class,
            description = "How far an event may stand behind newer ones in the file (default: P35D).")
    private @Nullable Duration horizon;

    @Mixin
    @SuppressWarnings("UnusedVariable") // picocli looks at it
    private final HelpOption help = new HelpOption();

    @Option(names = "--json", description = "Print the invoices as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        Catalog.Settings settings = new Catalog.Settings(
                horizon == null ? Catalog.Settings.DEFAULT.horizon() : horizon, Catalog.Settings.DEFAULT.skew());
        CatalogRevision revision = OneCatalog.read(Inputs.contentOf(catalog), catalog.toString(), settings, version);
        try (TemporaryDirectory directory = TemporaryDirectory.make("tallystick-estimate-");
                Estimate estimate = new Estimate(revision, through, directory.path())) {
            read(estimate, err);
            List<Invoice> invoices = estimate.invoices();
            report(estimate.outcomes(), err);
            print(invoices, out);
        }
        return 0;
    }

    private void read(Estimate estimate, PrintWriter err) {
        try (InputStream lines = new BufferedInputStream(Inputs.open(events), 1 << 16);
                Progress progress = new Progress(err, "read", 0)) {
            long read = 0;
            byte[] line;
            while ((line = Inputs.nextLine(lines)) != null) {
                estimate.add(line);
                progress.at(++read);
            }
        } catch (IOException e) {
            throw Inputs.unreadable(events, e);
        }
    }

    private static void report(Estimate.Outcomes outcomes, PrintWriter err) {
        StringJoiner reasons = new StringJoiner(", ", " (", ")").setEmptyValue("");
        outcomes.rejected().forEach((reason, count) -> reasons.add(reason + " " + count));
        long rejected =
                outcomes.rejected().values().stream().mapToLong(Long::longValue).sum();
        err.println("read " + outcomes.read() + ", accepted " + outcomes.accepted() + ", duplicate "
                + outcomes.duplicates() + ", rejected " + rejected + reasons);
        if (outcomes.rejected().containsKey("too_old")) {
            err.println(
                    "too_old means further behind newer events than the horizon: where the file is in no order of time,"
                            + " give a longer --horizon");
        }
    }

    private void print(List<Invoice> invoices, PrintWriter out) {
        ArrayNode data = JSON.createArrayNode();
        invoices.forEach(invoice -> data.add(JSON.<JsonNode>valueToTree(InvoiceJson.tree(invoice))));
        if (json) {
            ObjectNode answer = JSON.createObjectNode();
            answer.set("data", data);
            answer.putNull("next");
            out.println(Output.json(answer));
            return;
        }
        if (data.isEmpty()) {
            out.println("no invoices");
        }
        boolean isFirst = true;
        for (JsonNode invoice : data) {
            if (!isFirst) {
                out.println();
            }
            isFirst = false;
            InvoiceText.print(invoice, out);
        }
    }
}
