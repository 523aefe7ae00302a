package io.tallystick.deploy.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallystick.deploy.app.cost.MeteredDays;
import io.tallystick.deploy.app.cost.SupplierFile.Cell;
import io.tallystick.schemas.value.Dimensions;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a running service says was used, all instances together. */
final class ServiceMeteredDays implements MeteredDays {

    private final ServiceClient client;

    ServiceMeteredDays(ServiceClient client) {
        this.client = client;
    }

    @Override
    public SortedMap<Cell, BigDecimal> of(String meter, LocalDate from, LocalDate through, Set<String> dimensions) {
        Map<String, Object> query = new LinkedHashMap<>();
        query.put("from", from + "T00:00:00Z");
        query.put("to", through.plusDays(1) + "T00:00:00Z");
        JsonNode answer = client.get(
                "/api/v1/meters/" + ServiceClient.segment(meter) + "/days",
                query,
                Map.of("groupBy", List.copyOf(dimensions)));
        SortedMap<Cell, BigDecimal> metered = new TreeMap<>();
        for (JsonNode row : answer.path("data")) {
            Map<String, String> group = new LinkedHashMap<>();
            row.path("groupBy")
                    .properties()
                    .forEach(each -> group.put(each.getKey(), each.getValue().asText()));
            metered.put(
                    new Cell(LocalDate.parse(row.path("day").asText()), Dimensions.of(group)),
                    new BigDecimal(row.path("value").asText()));
        }
        return metered;
    }
}
