package io.tallystick.rater.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tallystick.rater.pricing.PriceAnswer;
import io.tallystick.rater.pricing.PriceRequest;
import io.tallystick.rater.pricing.PriceRequestParser;
import io.tallystick.schemas.catalog.CatalogDocument;
import io.tallystick.schemas.catalog.CatalogError;
import io.tallystick.schemas.codec.CatalogDocuments;
import io.tallystick.schemas.event.LineItem;
import io.tallystick.schemas.event.LineItemJson;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rates JSON lines without a server: one request in, one answer out, for the command {@code price} and for {@code POST /api/v1/price}.
 * A line that cannot be rated is answered with its first error; nothing is thrown.
 */
public final class PriceLines {

    private static final JsonMapper JSON = new JsonMapper();

    private PriceLines() {}

    /** The answer to one line, without a line break. */
    public static String answer(String line) {
        try {
            return JSON.writeValueAsString(tree(line));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e); // a tree of maps, lists and texts always has a JSON form
        }
    }

    /** The answers to all lines of a text but the blank ones, each with a line break. A text that is one JSON value is one line, however many it fills. */
    public static String answerAll(String text) {
        if (!text.isBlank() && CatalogDocuments.json(text).error() == null) {
            return answer(text) + "\n";
        }
        StringBuilder answers = new StringBuilder();
        text.lines()
                .filter(line -> !line.isBlank())
                .forEach(line -> answers.append(answer(line)).append('\n'));
        return answers.toString();
    }

    private static Map<String, @Nullable Object> tree(String line) {
        CatalogDocument document = CatalogDocuments.json(line);
        Map<String, @Nullable Object> answer = new LinkedHashMap<>();
        answer.put("id", id(document.tree()));
        CatalogError broken = document.error();
        if (broken != null) {
            answer.put("error", tree(new CatalogError("", "not JSON, at " + broken.path() + ": " + broken.message())));
            return answer;
        }
        PriceRequestParser.Parsed parsed = PriceRequestParser.parse(document.tree());
        PriceRequest request = parsed.request();
        if (request == null) {
            answer.put("error", tree(parsed.errors().get(0)));
            return answer;
        }
        PriceAnswer rated = PriceAnswer.to(request);
        answer.put("amount", rated.amount().toPlainString());
        answer.put("exact", rated.exact().shown());
        answer.put("lines", lines(rated.lines()));
        return answer;
    }

    /** Lines as on an invoice, without what only an invoice gives them. */
    private static List<Map<String, @Nullable Object>> lines(List<LineItem> items) {
        List<Map<String, @Nullable Object>> lines = new ArrayList<>();
        for (LineItem item : items) {
            Map<String, @Nullable Object> tree = LineItemJson.tree(item);
            List.of("line", "pricingVersion", "period").forEach(tree::remove);
            lines.add(tree);
        }
        return lines;
    }

    /** As it came: text, or a number. */
    private static @Nullable Object id(@Nullable Object tree) {
        Object id = tree instanceof Map<?, ?> fields ? fields.get("id") : null;
        return id instanceof String || id instanceof BigDecimal ? id : null;
    }

    private static Map<String, @Nullable Object> tree(CatalogError error) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("path", error.path());
        tree.put("message", error.message());
        return tree;
    }
}
