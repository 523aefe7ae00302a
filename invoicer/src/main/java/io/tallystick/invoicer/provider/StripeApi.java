package io.tallystick.invoicer.provider;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallystick.invoicer.delivery.RetrySchedule;
import io.tallystick.invoicer.provider.ProviderHttp.Reply;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Stripe's interface, as far as it is used: bodies are sent as they were frozen. */
public final class StripeApi {

    /** The version that everything is written against. */
    public static final String VERSION = "2026-07-29.dahlia";

    /** The last version that knows usage records. */
    static final String LEGACY_VERSION = "2025-02-24.acacia";

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int PAGES_MAX = 1000;
    private static final int READS_MAX = 5;

    private final ProviderHttp http;
    private final ApiSecret key;

    public StripeApi(String base, ApiSecret key) {
        this.http = new ProviderHttp(base, TIMEOUT);
        this.key = key;
    }

    Reply post(String path, String body, String idempotencyKey, String version) throws InterruptedException {
        Map<String, String> headers = headers(version);
        headers.put("Idempotency-Key", idempotencyKey);
        return http.post(path, headers, "application/x-www-form-urlencoded", body);
    }

    /** A request of Stripe's second interface that changes nothing when it comes twice. */
    Reply postJson(String path, String body) throws InterruptedException {
        return http.post(path, headers(VERSION), "application/json", body);
    }

    Reply get(String path) throws InterruptedException {
        return http.get(path, headers(VERSION));
    }

    Reply delete(String path) throws InterruptedException {
        return http.delete(path, headers(VERSION));
    }

    /** Gives every object of a list, page by page. */
    void each(String path, Map<String, String> query, Consumer<JsonNode> taker)
            throws InterruptedException, UnreadListException {
        String last = "";
        for (int page = 0; page < PAGES_MAX; page++) {
            StringBuilder url = new StringBuilder(path).append("?limit=100");
            query.forEach((name, value) ->
                    url.append('&').append(encoded(name)).append('=').append(encoded(value)));
            if (!last.isEmpty()) {
                url.append("&starting_after=").append(encoded(last));
            }
            Reply reply = read(url.toString());
            if (!reply.isSuccess()) {
                throw new UnreadListException(reply);
            }
            for (JsonNode one : reply.body().path("data")) {
                taker.accept(one);
                last = one.path("id").asText();
            }
            if (!reply.body().path("has_more").asBoolean()) {
                return;
            }
        }
        throw new IllegalStateException("a list of more than " + PAGES_MAX + " pages: " + path);
    }

    /** Reading again is safe, so a page that Stripe is too busy to give is asked for a few times. */
    private Reply read(String path) throws InterruptedException {
        for (int failed = 0; ; ) {
            Reply reply = get(path);
            boolean isPassing = reply.status() == 0 || reply.status() == 429 || reply.status() >= 500;
            failed++;
            if (!isPassing || failed == READS_MAX) {
                return reply;
            }
            TimeUnit.MILLISECONDS.sleep(RetrySchedule.delay(failed, reply.retryAfterMs(), bound -> bound / 2)
                    .toMillis());
        }
    }

    private Map<String, String> headers(String version) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Authorization", "Bearer " + key.reveal());
        headers.put("Stripe-Version", version);
        return headers;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
