package io.tallystick.invoicer.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.tallystick.invoicer.stream.BrokersSilentException;
import io.tallystick.invoicer.stream.InvoiceView;
import io.tallystick.invoicer.stream.RequestWriter;
import io.tallystick.schemas.event.BillingRequest.InvoiceCommandRequested;
import io.tallystick.schemas.event.Invoice;
import io.tallystick.schemas.event.InvoiceCommand.Action;
import io.tallystick.schemas.event.InvoiceJson;
import io.tallystick.schemas.event.InvoiceStatus;
import io.tallystick.schemas.event.RequestRefused;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code /api/v1/invoices}: reading invoices, finalizing and voiding them, and saying what came of their payment. */
public final class InvoiceRoutes {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int REASON_LENGTH_MAX = 1000;
    private static final int LIMIT_DEFAULT = 1000;
    private static final int LIMIT_MAX = 10_000;

    private final InvoiceView invoices;
    private final RequestWriter requests;
    private final BiPredicate<Context, String> mayRead;

    /** @param mayRead whether the one who asks may read what is a tenant's */
    public InvoiceRoutes(InvoiceView invoices, RequestWriter requests, BiPredicate<Context, String> mayRead) {
        this.invoices = invoices;
        this.requests = requests;
        this.mayRead = mayRead;
    }

    public void addTo(RoutesConfig routes) {
        routes.get("/api/v1/invoices", this::list);
        routes.get("/api/v1/invoices/{id}", this::show);
        routes.post("/api/v1/invoices/{id}/finalize", context -> command(context, Action.FINALIZE));
        routes.post("/api/v1/invoices/{id}/void", context -> command(context, Action.VOID));
        routes.post("/api/v1/invoices/{id}/payment", context -> command(context, payment(context)));
    }

    private void list(Context context) {
        requireReady();
        String tenant = context.queryParam("tenant");
        if (tenant != null && !mayRead.test(context, tenant)) {
            throw new RequestRefused(403, "Forbidden", "this key may not read tenant " + tenant);
        }
        YearMonth month = month(context.queryParam("period"));
        int limit = limit(context.queryParam("limit"));
        List<Invoice> page = invoices.invoices(
                candidate -> tenant == null ? mayRead.test(context, candidate) : tenant.equals(candidate),
                month,
                after(context),
                limit + 1); // one more tells whether there is more
        List<Map<String, @Nullable Object>> data = new ArrayList<>();
        page.stream().limit(limit).forEach(invoice -> data.add(InvoiceJson.tree(invoice)));
        Map<String, @Nullable Object> answer = new LinkedHashMap<>();
        answer.put("data", data);
        answer.put("next", page.size() > limit ? page.get(limit - 1).id() : null);
        JsonBodies.write(context, 200, answer);
    }

    private void show(Context context) {
        requireReady();
        JsonBodies.write(context, 200, InvoiceJson.tree(invoice(context)));
    }

    private void command(Context context, Action action) throws InterruptedException {
        requireReady();
        Invoice before = invoice(context);
        String reason = reason(context);
        if (!before.status().allows(action)) {
            throw refused(before, action);
        }
        try {
            requests.write(
                    List.of(new InvoiceCommandRequested(before.tenant(), before.id(), action, reason)), PATIENCE);
        } catch (BrokersSilentException e) {
            throw RequestRefused.notReady(e.getMessage() + "; try again", 5);
        }
        // Whatever else happens to the invoice meanwhile: the command is decided when it is not possible any more.
        Optional<Invoice> after =
                invoices.await(before.id(), invoice -> !invoice.status().allows(action), PATIENCE);
        if (after.isEmpty()) {
            throw RequestRefused.notReady(
                    "what was asked of " + before.id() + " is stored, but was not carried out within "
                            + PATIENCE.toSeconds() + " s; look at the invoice again later",
                    5);
        }
        if (!reached(after.get(), action)) {
            throw refused(after.get(), action); // another command came first
        }
        JsonBodies.write(context, 200, InvoiceJson.tree(after.get()));
    }

    private static boolean reached(Invoice invoice, Action action) {
        InvoiceStatus target = InvoiceStatus.after(action);
        return invoice.history().stream().anyMatch(change -> change.status() == target);
    }

    private static RequestRefused refused(Invoice invoice, Action action) {
        String change = switch (action) {
            case FINALIZE -> "be finalized any more";
            case VOID -> "be voided any more";
            case PAID, PAYMENT_FAILED, UNCOLLECTIBLE ->
                "become " + InvoiceStatus.after(action).text();
        };
        return new RequestRefused(
                409,
                "Conflict",
                "invoice " + invoice.id() + " is " + invoice.status().text() + ": it cannot " + change);
    }

    private static Action payment(Context context) {
        JsonNode status = JsonBodies.read(context).get("status");
        return Stream.of(Action.PAID, Action.PAYMENT_FAILED, Action.UNCOLLECTIBLE)
                .filter(action -> status != null
                        && status.isTextual()
                        && InvoiceStatus.after(action).text().equals(status.textValue()))
                .findFirst()
                .orElseThrow(() -> JsonBodies.invalid("status", "is paid, payment_failed or uncollectible"));
    }

    private Invoice invoice(Context context) {
        String id = context.pathParam("id");
        return invoices.invoice(id)
                .filter(invoice -> mayRead.test(context, invoice.tenant()))
                .orElseThrow(() -> RequestRefused.notFound("there is no invoice " + id));
    }

    private void requireReady() {
        if (!invoices.ready()) {
            throw RequestRefused.notReady("the invoices are still being read; try again in a moment", 1);
        }
    }

    private static String reason(Context context) {
        Optional<JsonNode> body = JsonBodies.readOptional(context);
        if (body.isEmpty()) {
            return "";
        }
        JsonNode reason = body.get().get("reason");
        if (reason == null || reason.isNull()) {
            return "";
        }
        if (!reason.isTextual() || reason.textValue().length() > REASON_LENGTH_MAX) {
            throw JsonBodies.invalid("reason", "is a text of at most " + REASON_LENGTH_MAX + " characters");
        }
        return reason.textValue();
    }

    /** The invoice that the page before ended with. */
    private @Nullable String after(Context context) {
        String after = context.queryParam("after");
        if (after != null
                && invoices.invoice(after)
                        .filter(invoice -> mayRead.test(context, invoice.tenant()))
                        .isEmpty()) {
            throw RequestRefused.badRequest("after is the 'next' of the page before, not " + after);
        }
        return after;
    }

    private static int limit(@Nullable String text) {
        if (text == null) {
            return LIMIT_DEFAULT;
        }
        int limit = text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : 0;
        if (limit < 1 || limit > LIMIT_MAX) {
            throw RequestRefused.badRequest("limit is 1 to " + LIMIT_MAX + ", not " + text);
        }
        return limit;
    }

    private static @Nullable YearMonth month(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            return YearMonth.parse(text);
        } catch (DateTimeException e) {
            throw RequestRefused.badRequest("period is a month, as 2026-04, not " + text);
        }
    }
}
