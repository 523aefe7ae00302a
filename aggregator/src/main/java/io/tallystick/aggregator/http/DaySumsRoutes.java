package io.tallystick.aggregator.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.tallystick.aggregator.usage.DaySums;
import io.tallystick.aggregator.usage.UsageQuery;
import io.tallystick.aggregator.usage.UsageReading;
import io.tallystick.schemas.catalog.Catalog;
import io.tallystick.schemas.catalog.Meter;
import io.tallystick.schemas.event.RequestRefused;
import java.math.BigDecimal;
import java.net.URI;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /api/v1/meters/{meter}/days}: what all tenants together have used, per UTC day. Every process sums up the partitions that it holds; the one that
 * is asked adds the others' sums to its own, or answers 503 when a partition is on its way.
 */
public final class DaySumsRoutes {

    private static final String PARTITIONS = "partitions";

    private final UsageReading usage;
    private final Supplier<Catalog> catalog;
    private final HolderClient holders = new HolderClient();

    public DaySumsRoutes(UsageReading usage, Supplier<Catalog> catalog) {
        this.usage = usage;
        this.catalog = catalog;
    }

    public void addTo(RoutesConfig routes) {
        routes.get("/api/v1/meters/{meter}/days", this::days);
    }

    private void days(Context context) {
        String name = context.pathParam("meter");
        Meter meter = catalog.get().meters().get(name);
        if (meter == null) {
            throw RequestRefused.notFound("there is no meter " + name);
        }
        UsageQuery query = new UsageParameters(context.queryParamMap()).ofAllTenants(meter);
        DaySums sums = new DaySums(query);
        String asked = context.queryParam(PARTITIONS);
        if (asked == null) {
            usage.holders().forEach((holder, partitions) -> add(holder, partitions, context, sums));
        } else {
            addOwn(partitions(asked), meter, sums);
        }
        Map<String, @Nullable Object> answer = new LinkedHashMap<>();
        answer.put("meter", name);
        answer.put("data", data(query, sums));
        answer.put("next", null);
        context.contentType("application/json").result(UsageBodies.json(answer));
    }

    private void add(Optional<URI> holder, Set<Integer> partitions, Context context, DaySums sums) {
        if (holder.isEmpty()) {
            addOwn(partitions, catalog.get().meters().get(context.pathParam("meter")), sums);
        } else if (!partitions.isEmpty()) {
            String list = partitions.stream().map(String::valueOf).collect(Collectors.joining(","));
            for (JsonNode row :
                    holders.ask(context, holder.get(), PARTITIONS + "=" + list).path("data")) {
                Map<String, String> group = new LinkedHashMap<>();
                row.path("groupBy")
                        .properties()
                        .forEach(
                                each -> group.put(each.getKey(), each.getValue().asText()));
                sums.add(
                        LocalDate.parse(row.path("day").asText()),
                        group,
                        new BigDecimal(row.path("value").asText()));
            }
        }
    }

    private void addOwn(Set<Integer> partitions, @Nullable Meter meter, DaySums sums) {
        if (meter != null) {
            usage.everyTenant(
                    partitions,
                    tenant -> usage.read(tenant, meter.meter(), windows -> {
                        sums.add(windows);
                        return true;
                    }));
        }
    }

    private static List<Map<String, @Nullable Object>> data(UsageQuery query, DaySums sums) {
        List<Map<String, @Nullable Object>> data = new ArrayList<>();
        for (DaySums.Row row : sums.rows()) {
            Map<String, String> group = new LinkedHashMap<>();
            query.groupBy()
                    .forEach(dimension -> group.put(dimension, row.group().get(dimension)));
            Map<String, @Nullable Object> tree = new LinkedHashMap<>();
            tree.put("day", row.day().toString());
            tree.put("groupBy", group);
            tree.put("value", row.value().stripTrailingZeros().toPlainString());
            data.add(tree);
        }
        return data;
    }

    private static Set<Integer> partitions(String list) {
        Set<Integer> partitions = new TreeSet<>();
        for (String partition : list.split(",")) {
            try {
                partitions.add(Integer.parseUnsignedInt(partition));
            } catch (NumberFormatException e) {
                throw RequestRefused.badRequest("partitions is a list of numbers, as 0,3, not " + list);
            }
        }
        return partitions;
    }
}
