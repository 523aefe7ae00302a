package io.tallystick.deploy.app.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tallystick.deploy.app.Failure;
import io.tallystick.deploy.app.cost.Drift;
import io.tallystick.deploy.app.cost.SupplierColumns;
import io.tallystick.deploy.app.cost.SupplierFile;
import io.tallystick.deploy.app.cost.SupplierFile.Cell;
import io.tallystick.schemas.value.Dimensions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.Reader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code reconcile cost}: a supplier's own usage export against what all tenants together have used. */
@Command(
        name = "cost",
        description = {
            "Compare a supplier's usage export (CSV with a header line) with what was metered of all tenants,",
            "per UTC day and dimension. Lists the days that drift, and exits 1 when one does."
        },
        mixinStandardHelpOptions = true)
final class ReconcileCostCommand extends ServiceCommand {

    @Option(names = "--file", required = true, paramLabel = "CSV", description = "The export; - for standard input.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path file;

    @Option(names = "--meter", required = true, paramLabel = "METER", description = "What it is compared with.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String meter;

    @Option(
            names = "--day-column",
            paramLabel = "COLUMN",
            defaultValue = SupplierColumns.DAY,
            description = "The column of the UTC day (default: ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String day;

    @Option(
            names = "--quantity-column",
            paramLabel = "COLUMN",
            defaultValue = SupplierColumns.QUANTITY,
            description = "The column of what was used, in the meter's unit (default: ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String quantity;

    @Option(
            names = "--dimension",
            paramLabel = "DIMENSION=COLUMN",
            description = "Tell a dimension of the meter apart, and its column; may repeat. Without: days alone.")
    private Map<String, String> dimensions = new LinkedHashMap<>();

    @Option(
            names = "--threshold",
            paramLabel = "PERCENT",
            defaultValue = "15",
            converter = Percentage.class,
            description = "How far a day may be off, in percent of the supplier's figure (default: ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private BigDecimal threshold;

    @Option(names = "--json", description = "Print every day as JSON.")
    private boolean json;

    @Override
    void run(ServiceClient client, PrintWriter out, PrintWriter err) {
        SortedMap<Cell, BigDecimal> supplier = supplier();
        if (supplier.isEmpty()) {
            throw Failure.wrongInput(file + " has no lines behind its header", "export the usage again");
        }
        List<Drift> all = Drift.between(
                supplier,
                new ServiceMeteredDays(client)
                        .of(meter, supplier.firstKey().day(), supplier.lastKey().day(), dimensions.keySet()));
        List<Drift> beyond =
                all.stream().filter(drift -> drift.isBeyond(threshold)).toList();
        if (json) {
            out.println(Output.json(tree(all)));
        } else {
            show(all, beyond, out);
        }
        if (!beyond.isEmpty()) {
            out.flush();
            throw Failure.checkFailed(
                    beyond.size() + " of " + all.size() + " figures are more than " + threshold.toPlainString()
                            + " % off",
                    "look for usage that was not sent, was sent twice, or was rejected ('tallystick rejected list')");
        }
    }

    private SortedMap<Cell, BigDecimal> supplier() {
        try (Reader reader = new BufferedReader(new InputStreamReader(Inputs.open(file), StandardCharsets.UTF_8))) {
            return SupplierFile.read(reader, new SupplierColumns(day, quantity, dimensions));
        } catch (SupplierFile.Unreadable e) {
            throw Failure.wrongInput(
                    file + ", " + e.getMessage(),
                    "correct it, or name the columns with --day-column, --quantity-column and --dimension",
                    e);
        } catch (IOException e) {
            throw Inputs.unreadable(file, e);
        }
    }

    private void show(List<Drift> all, List<Drift> beyond, PrintWriter out) {
        if (beyond.isEmpty()) {
            out.println("all " + all.size() + " figures of " + meter + " are within " + threshold.toPlainString()
                    + " % of the supplier's");
            return;
        }
        Table table = new Table("day", "for", "supplier>", "metered>", "drift>");
        for (Drift drift : beyond) {
            table.row(
                    drift.cell().day(),
                    words(drift.cell().group()),
                    drift.supplier().toPlainString(),
                    drift.metered().toPlainString(),
                    drift.percent(threshold)
                            .map(percent -> percent.toPlainString() + " %")
                            .orElse("not at the supplier's"));
        }
        out.println(table);
    }

    private String words(Dimensions group) {
        return dimensions.keySet().stream()
                .map(name -> name + "=" + group.get(name))
                .reduce((one, other) -> one + ", " + other)
                .orElse("");
    }

    private ObjectNode tree(List<Drift> all) {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        tree.put("meter", meter);
        tree.put("thresholdPercent", threshold.toPlainString());
        ArrayNode data = tree.putArray("data");
        for (Drift drift : all) {
            ObjectNode row = data.addObject();
            row.put("day", drift.cell().day().toString());
            ObjectNode group = row.putObject("groupBy");
            dimensions
                    .keySet()
                    .forEach(name -> group.put(name, drift.cell().group().get(name)));
            row.put("supplier", drift.supplier().toPlainString());
            row.put("metered", drift.metered().toPlainString());
            row.put("difference", drift.difference().toPlainString());
            row.put("beyond", drift.isBeyond(threshold));
        }
        tree.putNull("next");
        return tree;
    }
}
