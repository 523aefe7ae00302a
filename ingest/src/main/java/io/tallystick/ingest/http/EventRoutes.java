package io.tallystick.ingest.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.tallystick.ingest.acceptance.Reason;
import io.tallystick.ingest.acceptance.Rejection;
import io.tallystick.ingest.stream.AccountingView;
import io.tallystick.ingest.stream.Counts;
import io.tallystick.schemas.catalog.CatalogError;
import io.tallystick.schemas.event.RequestRefused;
import io.tallystick.schemas.topic.Topics;
import io.tallystick.schemas.value.CanonicalJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** {@code POST /api/v1/events} and {@code GET /api/v1/ingest/accounting}. */
public final class EventRoutes {

    private static final String ONE = "application/cloudevents+json";
    private static final String BATCH = "application/cloudevents-batch+json";
    private static final String EITHER = "application/json";
    private static final String BINARY_PREFIX = "ce-";
    private static final int ERRORS_SHOWN_MAX = 100;

    private final BodyAdmission admission = new BodyAdmission(Topics.RECORD_BYTES_MAX);
    private final Publisher publisher;
    private final AccountingView accounting;
    private final BiPredicate<Context, String> mayWrite;

    /** Takes all events of a request, and returns when they are safe. */
    @FunctionalInterface
    interface Publisher {
        void publish(List<IncomingEvent> events) throws InterruptedException;
    }

    /** @param mayWrite whether the one who asks may send usage of a tenant */
    public EventRoutes(EventPublisher publisher, AccountingView accounting, BiPredicate<Context, String> mayWrite) {
        this((Publisher) publisher::publish, accounting, mayWrite);
    }

    EventRoutes(Publisher publisher, AccountingView accounting, BiPredicate<Context, String> mayWrite) {
        this.publisher = publisher;
        this.accounting = accounting;
        this.mayWrite = mayWrite;
    }

    public void addTo(RoutesConfig routes) {
        routes.post("/api/v1/events", this::take);
        routes.get("/api/v1/ingest/accounting", this::account);
    }

    private void take(Context context) throws InterruptedException, IOException {
        try (BodyAdmission.Body body = admission.admit()) {
            take(context, body.read(context.bodyInputStream()));
        }
    }

    private void take(Context context, byte[] body) throws InterruptedException {
        List<IncomingEvent> events = events(context, body);
        requireFaultless(events);
        for (IncomingEvent event : events) {
            if (!mayWrite.test(context, event.tenant())) {
                throw new RequestRefused(403, "Forbidden", "this key may not send usage of tenant " + event.tenant());
            }
        }
        publisher.publish(events);
        context.status(202)
                .contentType("application/json")
                .result(CanonicalJson.write(Map.of("accepted", events.size())));
    }

    private static List<IncomingEvent> events(Context context, byte[] body) {
        String contentType = mediaType(context.contentType());
        boolean isBatch = contentType.equals(BATCH);
        if (!isBatch && !contentType.equals(ONE) && context.header(BINARY_PREFIX + "specversion") != null) {
            return List.of(IncomingEvent.of(binaryHeaders(context), body));
        }
        if (isBatch || (contentType.equals(EITHER) && EventBodies.isArray(body))) {
            return EventBodies.elements(body).stream()
                    .map(element -> IncomingEvent.of(List.of(), element))
                    .toList();
        }
        if (contentType.equals(ONE) || contentType.equals(EITHER)) {
            return List.of(IncomingEvent.of(List.of(), body));
        }
        throw new RequestRefused(
                415,
                "Unsupported media type",
                "send " + ONE + ", " + BATCH + " or " + EITHER
                        + ", or binary mode with ce-specversion and the other ce- headers");
    }

    private static List<Map.Entry<String, byte[]>> binaryHeaders(Context context) {
        List<Map.Entry<String, byte[]>> headers = new ArrayList<>();
        context.headerMap().forEach((name, value) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            if (lower.startsWith(BINARY_PREFIX)) {
                headers.add(Map.entry("ce_" + lower.substring(BINARY_PREFIX.length()), percentDecoded(value)));
            } else if (lower.equals("content-type")) {
                headers.add(Map.entry("content-type", value.getBytes(StandardCharsets.UTF_8)));
            }
        });
        return headers;
    }

    /** The HTTP binding of CloudEvents 1.0 (section 3.1.3.2) percent-encodes what a header cannot hold, and quotes are allowed around it. */
    private static byte[] percentDecoded(String value) {
        String text = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"")
                ? value.substring(1, value.length() - 1).replaceAll("\\\\(.)", "$1")
                : value;
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        byte[] decoded = new byte[encoded.length];
        int length = 0;
        for (int at = 0; at < encoded.length; at++) {
            int high = encoded[at] == '%' && at + 2 < encoded.length ? Character.digit(encoded[at + 1], 16) : -1;
            int low = high >= 0 ? Character.digit(encoded[at + 2], 16) : -1;
            if (low >= 0) {
                decoded[length++] = (byte) (16 * high + low);
                at += 2;
            } else {
                decoded[length++] = encoded[at];
            }
        }
        return Arrays.copyOf(decoded, length);
    }

    /** All or nothing: one event with a fault refuses the request, and every fault is named. */
    private static void requireFaultless(List<IncomingEvent> events) {
        List<CatalogError> errors = new ArrayList<>();
        boolean tooLarge = false;
        for (int index = 0; index < events.size(); index++) {
            Rejection fault = events.get(index).fault();
            if (fault != null) {
                tooLarge |= fault.reason() == Reason.TOO_LARGE;
                errors.add(new CatalogError("[" + index + "]", fault.reason().text() + ": " + fault.detail()));
            }
        }
        if (errors.isEmpty()) {
            return;
        }
        String detail =
                errors.size() + " of " + events.size() + " events cannot be taken, so none was published; the first: "
                        + errors.get(0).path() + " " + errors.get(0).message();
        List<CatalogError> shown = errors.subList(0, Math.min(errors.size(), ERRORS_SHOWN_MAX));
        if (tooLarge) {
            throw tooLarge(detail, shown);
        }
        throw new RequestRefused(400, "Bad request", detail, shown, 0);
    }

    private static RequestRefused tooLarge(String detail, List<CatalogError> errors) {
        return new RequestRefused(413, "Content too large", detail, errors, 0);
    }

    private void account(Context context) {
        List<Map<String, Object>> partitions = new ArrayList<>();
        accounting.byPartition().forEach((partition, counts) -> partitions.add(tree(partition, counts)));
        context.contentType("application/json").result(CanonicalJson.write(Map.of("partitions", partitions)));
    }

    private static Map<String, Object> tree(int partition, Counts counts) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("partition", partition);
        tree.put("read", counts.read());
        tree.put("accepted", counts.accepted());
        tree.put("duplicates", counts.duplicates());
        tree.put("rejected", counts.rejected());
        tree.put("forwarded", counts.forwarded());
        Map<String, Object> received = new LinkedHashMap<>();
        received.put("read", counts.received().read());
        received.put("accepted", counts.received().accepted());
        received.put("duplicates", counts.received().duplicates());
        received.put("rejected", counts.received().rejected());
        tree.put("received", received);
        return tree;
    }

    private static String mediaType(@Nullable String contentType) {
        if (contentType == null) {
            return "";
        }
        int parameters = contentType.indexOf(';');
        String type = parameters < 0 ? contentType : contentType.substring(0, parameters);
        return type.strip().toLowerCase(Locale.ROOT);
    }
}
