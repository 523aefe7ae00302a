package io.tallystick.deploy.app.cost;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.tallystick.schemas.value.DecimalText;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The file of {@code --costs}: the exports that are compared by themselves. */
public final class CostExports {

    private static final Set<String> FIELDS = new TreeSet<>(
            Set.of("supplier", "meter", "file", "dayColumn", "quantityColumn", "dimensions", "threshold", "after"));

    private CostExports() {}

    /**
     * Reads all of it.
     *
     * @throws IllegalArgumentException with every error and its path
     */
    public static List<CostExport> read(InputStream yaml) throws IOException {
        List<String> errors = new ArrayList<>();
        JsonNode root = new YAMLMapper().readTree(yaml);
        JsonNode list = root == null ? null : root.get("exports");
        if (root == null || !root.isObject() || list == null || !list.isArray() || list.isEmpty() || root.size() != 1) {
            throw new IllegalArgumentException("it is 'exports:' and a list of at least one, each with " + FIELDS);
        }
        List<CostExport> exports = new ArrayList<>();
        Set<String> meters = new HashSet<>();
        for (int i = 0; i < list.size(); i++) {
            Reader reader = new Reader(list.get(i), "exports[" + i + "]", errors);
            CostExport export = reader.export();
            if (!meters.add(export.meter())) {
                errors.add("exports[" + i + "].meter: " + export.meter() + " is compared with another export already");
            }
            exports.add(export);
        }
        if (!errors.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", errors));
        }
        return exports;
    }

    /** One of them. */
    private record Reader(JsonNode node, String path, List<String> errors) {

        CostExport export() {
            if (!node.isObject()) {
                errors.add(path + ": is an object with " + FIELDS);
            }
            node.fieldNames().forEachRemaining(name -> {
                if (!FIELDS.contains(name)) {
                    errors.add(path + "." + name + ": is none of " + FIELDS);
                }
            });
            Map<String, String> dimensions = new LinkedHashMap<>();
            JsonNode named = node.path("dimensions");
            if (!named.isMissingNode() && !named.isObject()) {
                errors.add(path + ".dimensions: is an object of dimensions and their columns");
            }
            named.properties()
                    .forEach(one -> dimensions.put(one.getKey(), one.getValue().asText()));
            String meter = text("meter", "");
            return new CostExport(
                    text("supplier", "supplier"),
                    meter,
                    text("file", ""),
                    new SupplierColumns(
                            text("dayColumn", SupplierColumns.DAY),
                            text("quantityColumn", SupplierColumns.QUANTITY),
                            dimensions),
                    threshold(),
                    after());
        }

        /** @param otherwise "" where it has to be given */
        private String text(String name, String otherwise) {
            String text = node.path(name).asText(otherwise);
            if (text.isBlank()) {
                errors.add(path + "." + name + ": is missing");
            }
            return text;
        }

        private BigDecimal threshold() {
            JsonNode given = node.path("threshold");
            if (given.isMissingNode()) {
                return CostExport.THRESHOLD;
            }
            BigDecimal percent = DecimalText.parse(given.asText()).orElse(BigDecimal.ONE.negate());
            if (percent.signum() < 0) {
                errors.add(path + ".threshold: is a percentage such as \"15\"");
            }
            return percent;
        }

        private Duration after() {
            String given = node.path("after").asText("");
            if (given.isEmpty()) {
                return CostExport.AFTER;
            }
            try {
                Duration after = Duration.parse(given);
                if (!after.isNegative()) {
                    return after;
                }
            } catch (DateTimeException e) {
                // said below
            }
            errors.add(path + ".after: is a duration such as PT6H");
            return CostExport.AFTER;
        }
    }
}
