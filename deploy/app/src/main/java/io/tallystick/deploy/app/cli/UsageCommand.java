package io.tallystick.deploy.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code usage}: a tenant's totals of one meter. */
@Command(name = "usage", description = "Show what a tenant has used of a meter.", mixinStandardHelpOptions = true)
final class UsageCommand extends ReadingCommand {

    enum Window {
        HOUR,
        DAY,
        MONTH
    }

    @Parameters(paramLabel = "METER", description = "The meter's name.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String meter;

    @Option(names = "--tenant", required = true, paramLabel = "T", description = "Whose usage.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String tenant;

    @Option(names = "--from", paramLabel = "INSTANT", converter = Instants.WholeHour.class)
    private @Nullable Instant from;

    @Option(
            names = "--to",
            paramLabel = "INSTANT",
            converter = Instants.WholeHour.class,
            description = "Exclusive; like --from on a whole UTC hour.")
    private @Nullable Instant to;

    @Option(names = "--window", paramLabel = "HOUR|DAY|MONTH", description = "One row for each; without, one in all.")
    private @Nullable Window window;

    @Option(names = "--timezone", paramLabel = "ZONE", converter = Instants.Zone.class, description = "Of the windows.")
    private @Nullable ZoneId timezone;

    @Option(names = "--group-by", paramLabel = "DIMENSION", split = ",", description = "One row for each value of it.")
    private List<String> groupBy = new ArrayList<>();

    @Override
    JsonNode read(ServiceClient client) {
        Map<String, @Nullable Object> query = new LinkedHashMap<>();
        query.put("subject", tenant);
        query.put("from", from);
        query.put("to", to);
        query.put("windowSize", window);
        query.put("windowTimeZone", timezone);
        return client.get(
                "/api/v1/meters/" + ServiceClient.segment(meter) + "/query", query, Map.of("groupBy", groupBy));
    }

    @Override
    void show(JsonNode answer, PrintWriter out) {
        List<String> headers = new ArrayList<>(List.of("from", "to"));
        headers.addAll(groupBy);
        headers.add(meter + ">");
        Table table = new Table(headers.toArray(String[]::new));
        for (JsonNode row : answer.path("data")) {
            List<Object> cells = new ArrayList<>();
            cells.add(row.path("windowStart").asText());
            cells.add(row.path("windowEnd").asText());
            groupBy.forEach(name -> cells.add(row.path("groupBy").path(name).asText()));
            cells.add(row.path("value").asText());
            table.row(cells.toArray());
        }
        out.println(table.isEmpty() ? "no usage of " + meter + " by " + tenant + " in this range" : table.toString());
    }
}
