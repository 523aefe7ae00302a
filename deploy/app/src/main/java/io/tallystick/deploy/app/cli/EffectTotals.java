package io.tallystick.deploy.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;

/** The totals of all pages of a dry run, by what they are and by currency. */
final class EffectTotals {

    private record Sum(String basis, String currency, int bills, BigDecimal now, BigDecimal then) {
        static Sum of(JsonNode total) {
            return new Sum(
                    total.path("basis").asText(),
                    total.path("currency").asText(),
                    total.path("bills").asInt(),
                    new BigDecimal(total.path("now").asText()),
                    new BigDecimal(total.path("then").asText()));
        }

        Sum plus(Sum other) {
            return new Sum(basis, currency, bills + other.bills, now.add(other.now), then.add(other.then));
        }

        ObjectNode tree() {
            return JsonNodeFactory.instance
                    .objectNode()
                    .put("basis", basis)
                    .put("currency", currency)
                    .put("bills", bills)
                    .put("now", now.toPlainString())
                    .put("then", then.toPlainString())
                    .put("difference", then.subtract(now).toPlainString());
        }
    }

    private final Map<String, Sum> sums = new LinkedHashMap<>();

    void add(JsonNode effect) {
        for (JsonNode total : effect.path("totals")) {
            Sum sum = Sum.of(total);
            sums.merge(sum.basis() + " " + sum.currency(), sum, Sum::plus);
        }
    }

    ArrayNode tree() {
        ArrayNode tree = JsonNodeFactory.instance.arrayNode();
        sums.values().forEach(sum -> tree.add(sum.tree()));
        return tree;
    }
}
