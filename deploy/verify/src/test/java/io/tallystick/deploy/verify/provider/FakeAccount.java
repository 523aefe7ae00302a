package io.tallystick.deploy.verify.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What one Stripe account holds. Not thread-safe. */
final class FakeAccount {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long WINDOW_BACK_SECONDS = 35L * 24 * 3600;
    private static final long WINDOW_AHEAD_SECONDS = 300;
    private static final long REMEMBERED_SECONDS = 24L * 3600;

    private final Map<String, ObjectNode> invoices = new LinkedHashMap<>();
    private final Map<String, ObjectNode> items = new LinkedHashMap<>();
    private final FakeBalances balances = new FakeBalances();
    private final List<ObjectNode> events = new ArrayList<>();
    private final Map<String, Long> identifiers = new TreeMap<>();
    private final Map<String, String> usageRecords = new TreeMap<>();
    private final FakeWebhooks webhooks;
    private int made;

    /** @param webhooks told what becomes of invoices */
    FakeAccount(FakeWebhooks webhooks) {
        this.webhooks = webhooks;
    }

    /** An answer. */
    record Answer(int status, ObjectNode body) {}

    /** What the request does. */
    Answer answer(String method, String path, Map<String, String> query, Map<String, String> form, Instant now) {
        String[] parts = path.split("/", -1);
        String action = method + " " + (parts.length > 2 ? parts[2] : "");
        if (path.equals("/v1/invoices")) {
            return method.equals("POST") ? makeInvoice(form, now) : list(invoices.values(), query);
        }
        if (path.equals("/v1/invoiceitems")) {
            return method.equals("POST") ? makeItem(form) : list(items.values(), query);
        }
        if (path.equals("/v1/credit_notes")) {
            return balances.credit(invoices.get(form.getOrDefault("invoice", "")), form);
        }
        if (path.endsWith("/balance_transactions")) {
            return method.equals("POST")
                    ? balances.change(parts[3], form, metadata(form))
                    : list(balances.transactions(parts[3]), query);
        }
        if (path.equals("/v1/billing/meter_events")) {
            return takeEvent(form, now);
        }
        if (path.equals("/v1/billing/meters")) {
            return meters();
        }
        if (path.endsWith("/event_summaries")) {
            return summaries(parts[4].substring("mtr_".length()), query);
        }
        if (path.endsWith("/usage_records")) {
            usageRecords.put(parts[3] + " " + form.get("timestamp"), form.getOrDefault("quantity", ""));
            return new Answer(200, object("usage_record", "mbur_" + ++made));
        }
        return switch (action) {
            case "GET invoices" -> shown(parts[3]);
            case "DELETE invoices" -> deleted(parts[3]);
            case "POST invoices" -> changed(parts[3], parts.length > 4 ? parts[4] : "");
            default -> error(404, "resource_missing", "no such thing: " + path);
        };
    }

    /** Everything, for tests to look at. */
    ObjectNode state() {
        ObjectNode state = JsonNodeFactory.instance.objectNode();
        state.set("invoices", JSON.valueToTree(List.copyOf(invoices.values())));
        state.set("owed", owed());
        state.set("events", JSON.valueToTree(events));
        state.set("usageRecords", JSON.valueToTree(usageRecords));
        return state;
    }

    /** What each customer has been asked for, less what was credited. */
    private ObjectNode owed() {
        ObjectNode owed = balances.state();
        for (ObjectNode invoice : invoices.values()) {
            String customer = invoice.get("customer").asText();
            String status = invoice.get("status").asText();
            boolean asks = !status.equals("draft") && !status.equals("void");
            long total = asks ? Math.max(0, invoice.get("total").asLong()) : 0; // negative ones are in the balance
            owed.put(customer, owed.path(customer).asLong() + total);
        }
        return owed;
    }

    /** How much it holds: invoices that were finalized, and meter events. */
    ObjectNode counts() {
        long issued = invoices.values().stream()
                .filter(invoice -> !invoice.get("status").asText().equals("draft"))
                .count();
        return JsonNodeFactory.instance.objectNode().put("issued", issued).put("events", events.size());
    }

    /** Finds that it cannot use an event which it had taken; gives its identifier. */
    String drop(int event) {
        return events.remove(event).get("id").asText();
    }

    /** Somebody pays or voids an invoice that is open. */
    void change(String invoice, String verb) {
        changed(invoice, verb);
    }

    /** Changes an amount behind everybody's back. */
    void alter(String invoice, long by) {
        ObjectNode found = invoices.get(invoice);
        if (found == null) {
            throw new IllegalArgumentException("no invoice " + invoice);
        }
        found.put("total", found.get("total").asLong() + by);
    }

    private Answer makeInvoice(Map<String, String> form, Instant now) {
        ObjectNode invoice = object("invoice", "in_" + ++made);
        invoice.put("customer", form.get("customer"));
        invoice.put("currency", form.get("currency"));
        invoice.put("status", "draft");
        invoice.put("total", 0);
        invoice.put("amount_due", 0);
        invoice.put("pre_payment_credit_notes_amount", 0);
        invoice.put("post_payment_credit_notes_amount", 0);
        invoice.put("created", now.getEpochSecond());
        invoice.set("metadata", metadata(form));
        invoices.put(invoice.get("id").asText(), invoice);
        return new Answer(200, invoice.deepCopy());
    }

    private Answer makeItem(Map<String, String> form) {
        ObjectNode invoice = invoices.get(form.getOrDefault("invoice", ""));
        if (invoice == null) {
            return error(400, "resource_missing", "No such invoice: " + form.get("invoice"));
        }
        if (!invoice.get("status").asText().equals("draft")) {
            return error(400, "invoice_not_editable", "the invoice is finalized");
        }
        if (!invoice.get("customer").asText().equals(form.get("customer"))) {
            return error(400, "invalid", "the invoice is another customer's");
        }
        ObjectNode item = object("invoiceitem", "ii_" + ++made);
        item.put("invoice", invoice.get("id").asText());
        item.put("customer", form.get("customer"));
        item.put("amount", Long.parseLong(form.getOrDefault("amount", "0")));
        item.put("description", form.get("description"));
        item.set("metadata", metadata(form));
        items.put(item.get("id").asText(), item);
        invoice.put("total", invoice.get("total").asLong() + item.get("amount").asLong());
        return new Answer(200, item.deepCopy());
    }

    private Answer takeEvent(Map<String, String> form, Instant now) {
        String identifier = form.getOrDefault("identifier", "evt" + ++made);
        Long before = identifiers.get(identifier);
        if (before != null && now.getEpochSecond() - before < REMEMBERED_SECONDS) {
            return error(400, "duplicate_meter_event", "An event already exists with identifier " + identifier + ".");
        }
        long timestamp = Long.parseLong(form.getOrDefault("timestamp", Long.toString(now.getEpochSecond())));
        if (timestamp < now.getEpochSecond() - WINDOW_BACK_SECONDS) {
            return error(400, "timestamp_too_far_in_past", "the timestamp is older than 35 days");
        }
        if (timestamp > now.getEpochSecond() + WINDOW_AHEAD_SECONDS) {
            return error(400, "timestamp_in_future", "the timestamp is in the future");
        }
        identifiers.put(identifier, now.getEpochSecond());
        ObjectNode event = object("billing.meter_event", identifier);
        event.put("event_name", form.get("event_name"));
        event.put("customer", form.get("payload[stripe_customer_id]"));
        event.put("value", form.get("payload[value]"));
        event.put("timestamp", timestamp);
        events.add(event);
        return new Answer(200, event.deepCopy());
    }

    /** Events of the stream: each is used or not, which nobody is told. */
    void takeStream(JsonNode stream, Instant now) {
        for (JsonNode event : stream) {
            takeEvent(
                    Map.of(
                            "identifier", event.path("identifier").asText(),
                            "event_name", event.path("event_name").asText(),
                            "timestamp",
                                    Long.toString(Instant.parse(
                                                    event.path("timestamp").asText())
                                            .getEpochSecond()),
                            "payload[stripe_customer_id]",
                                    event.at("/payload/stripe_customer_id").asText(),
                            "payload[value]", event.at("/payload/value").asText()),
                    now);
        }
    }

    private Answer meters() {
        Map<String, ObjectNode> meters = new TreeMap<>();
        for (ObjectNode event : events) {
            String name = event.get("event_name").asText();
            ObjectNode meter = object("billing.meter", "mtr_" + name);
            meter.put("event_name", name);
            meters.put(name, meter);
        }
        return list(meters.values(), Map.of());
    }

    private Answer summaries(String name, Map<String, String> query) {
        long from = Long.parseLong(query.getOrDefault("start_time", "0"));
        long to = Long.parseLong(query.getOrDefault("end_time", "0"));
        Map<Long, BigDecimal> hours = new TreeMap<>();
        for (ObjectNode event : events) {
            long at = event.get("timestamp").asLong();
            boolean isMeant = event.get("event_name").asText().equals(name)
                    && event.get("customer").asText().equals(query.get("customer"))
                    && at >= from
                    && at < to;
            if (isMeant) {
                hours.merge(at - at % 3600, new BigDecimal(event.get("value").asText()), BigDecimal::add);
            }
        }
        List<ObjectNode> summaries = new ArrayList<>();
        hours.forEach((hour, value) -> {
            ObjectNode summary = object("billing.meter_event_summary", "mes_" + hour);
            summary.put("start_time", hour);
            summary.put("end_time", hour + 3600);
            summary.put("aggregated_value", value.doubleValue());
            summaries.add(summary);
        });
        return list(summaries, query);
    }

    private Answer shown(String id) {
        ObjectNode invoice = invoices.get(id);
        return invoice == null
                ? error(404, "resource_missing", "No such invoice: " + id)
                : new Answer(200, invoice.deepCopy());
    }

    private Answer deleted(String id) {
        ObjectNode invoice = invoices.get(id);
        if (invoice == null || !invoice.get("status").asText().equals("draft")) {
            return error(400, "invoice_not_editable", "only drafts are deleted");
        }
        invoices.remove(id);
        return new Answer(200, invoice.deepCopy().put("deleted", true));
    }

    private Answer changed(String id, String verb) {
        ObjectNode invoice = invoices.get(id);
        if (invoice == null) {
            return error(404, "resource_missing", "No such invoice: " + id);
        }
        String status = invoice.get("status").asText();
        boolean isLegal = verb.equals("finalize") ? status.equals("draft") : status.equals("open");
        if (!isLegal) {
            return error(400, "invoice_not_editable", "the invoice is " + status);
        }
        invoice.put("status", verb.equals("finalize") ? "open" : verb.equals("void") ? "void" : "paid");
        invoice.put("amount_due", invoice.get("total").asLong());
        if (verb.equals("finalize") && invoice.get("total").asLong() <= 0) {
            balances.settle(invoice);
        }
        Answer answer = new Answer(200, invoice.deepCopy());
        if (verb.equals("finalize") && webhooks.isOn()) {
            collect(invoice);
        }
        return answer;
    }

    /** What a card does, by the amount: it pays at once, or in the end, or never, or when nobody counted on it any more. */
    private void collect(ObjectNode invoice) {
        webhooks.snapshot("invoice.finalized", invoice);
        int fate = (int) (invoice.get("total").asLong() / 100 % 4);
        if (fate > 0) {
            webhooks.snapshot("invoice.payment_failed", invoice);
        }
        if (fate > 1) {
            webhooks.snapshot("invoice.marked_uncollectible", invoice.put("status", "uncollectible"));
        }
        if (fate != 2) {
            webhooks.snapshot("invoice.paid", invoice.put("status", "paid"));
        }
    }

    /** Newest first, page by page. */
    private static Answer list(Iterable<ObjectNode> all, Map<String, String> query) {
        List<ObjectNode> chosen = new ArrayList<>();
        for (ObjectNode one : all) {
            boolean isMeant = matches(one, query, "customer")
                    && matches(one, query, "invoice")
                    && one.path("created").asLong(Long.MAX_VALUE)
                            >= Long.parseLong(query.getOrDefault("created[gte]", "0"));
            if (isMeant) {
                chosen.add(0, one);
            }
        }
        int from = 0;
        String after = query.get("starting_after");
        for (int i = 0; after != null && i < chosen.size(); i++) {
            if (chosen.get(i).get("id").asText().equals(after)) {
                from = i + 1;
            }
        }
        int to = Math.min(chosen.size(), from + Integer.parseInt(query.getOrDefault("limit", "10")));
        ObjectNode list = JsonNodeFactory.instance.objectNode();
        list.put("object", "list");
        ArrayNode data = list.putArray("data");
        chosen.subList(from, to).forEach(one -> data.add(one.deepCopy()));
        list.put("has_more", to < chosen.size());
        return new Answer(200, list);
    }

    private static boolean matches(ObjectNode one, Map<String, String> query, String name) {
        String wanted = query.get(name);
        return wanted == null || !one.has(name) || one.get(name).asText().equals(wanted);
    }

    static Answer error(int status, String code, String message) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putObject("error").put("code", code).put("message", message);
        return new Answer(status, body);
    }

    private static ObjectNode object(String type, String id) {
        return JsonNodeFactory.instance.objectNode().put("id", id).put("object", type);
    }

    private static ObjectNode metadata(Map<String, String> form) {
        ObjectNode metadata = JsonNodeFactory.instance.objectNode();
        form.forEach((name, value) -> {
            if (name.startsWith("metadata[")) {
                metadata.put(name.substring("metadata[".length(), name.length() - 1), value);
            }
        });
        return metadata;
    }
}
