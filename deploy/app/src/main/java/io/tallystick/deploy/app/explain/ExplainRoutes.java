package io.tallystick.deploy.app.explain;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.tallystick.deploy.app.Failure;
import io.tallystick.deploy.app.replay.LogSource;
import io.tallystick.schemas.event.Invoice;
import io.tallystick.schemas.event.RequestRefused;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** {@code GET /api/v1/invoices/{id}/explain}: every line, or with {@code line} one of them down to its events. */
public final class ExplainRoutes {

    /** Each reads a tenant's whole log in front of a close. */
    private static final int AT_ONCE_MAX = 2;

    private static final JsonMapper JSON = new JsonMapper();

    private final Function<String, Optional<Invoice>> invoices;
    private final Supplier<LogSource> log;
    private final BiPredicate<Context, String> mayRead;
    private final Semaphore permits = new Semaphore(AT_ONCE_MAX);

    /**
     * @param invoices by id, as they stand
     * @param log a new reader, closed after each answer
     * @param mayRead whether the one who asks may read what is a tenant's
     */
    public ExplainRoutes(
            Function<String, Optional<Invoice>> invoices,
            Supplier<LogSource> log,
            BiPredicate<Context, String> mayRead) {
        this.invoices = invoices;
        this.log = log;
        this.mayRead = mayRead;
    }

    public void addTo(RoutesConfig routes) {
        routes.get("/api/v1/invoices/{id}/explain", this::explain);
    }

    private void explain(Context context) {
        String id = context.pathParam("id");
        Invoice invoice = invoices.apply(id)
                .filter(one -> mayRead.test(context, one.tenant()))
                .orElseThrow(() -> RequestRefused.notFound("there is no invoice " + id));
        int lines = invoice.lines().size();
        boolean one = context.queryParam("line") != null;
        int line = (int) number(context, "line", 1, 1, Math.max(1, lines));
        if (one && line > lines) {
            throw RequestRefused.badRequest("invoice " + id + " has no lines");
        }
        Explainer.Page page =
                new Explainer.Page(number(context, "after", Explainer.Page.FIRST.after(), 0, Long.MAX_VALUE), (int)
                        number(context, "limit", Explainer.Page.FIRST.limit(), 1, Explainer.Page.LIMIT_MAX));
        if (!permits.tryAcquire()) {
            throw RequestRefused.notReady(AT_ONCE_MAX + " explanations are being made; try again", 2);
        }
        try (LogSource source = log.get()) {
            Explainer explainer = new Explainer(source);
            Map<String, @Nullable Object> tree =
                    one ? explainer.explain(invoice, line, page) : explainer.explain(invoice);
            context.contentType("application/json").result(JSON.writeValueAsBytes(tree));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        } catch (Failure e) {
            throw RequestRefused.notReady(String.valueOf(e.getMessage()), 5);
        } finally {
            permits.release();
        }
    }

    private static long number(Context context, String name, long otherwise, long min, long max) {
        String text = context.queryParam(name);
        if (text == null) {
            return otherwise;
        }
        try {
            long value = Long.parseLong(text);
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw RequestRefused.badRequest(
                name + " is a number from " + min + (max == Long.MAX_VALUE ? "" : " to " + max) + ", not " + text);
    }
}
