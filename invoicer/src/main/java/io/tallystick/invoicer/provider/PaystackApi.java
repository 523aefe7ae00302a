package io.tallystick.invoicer.provider;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallystick.invoicer.provider.ProviderHttp.Reply;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;

/** Paystack's interface, as far as it is used. It keeps no answers under keys: what was asked is found by its reference or its description. */
public final class PaystackApi {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int PAGE_SIZE = 100;
    private static final int PAGES_MAX = 1000;

    private final ProviderHttp http;
    private final ApiSecret key;

    public PaystackApi(String base, ApiSecret key) {
        this.http = new ProviderHttp(base, TIMEOUT);
        this.key = key;
    }

    Reply post(String path, String body) throws InterruptedException {
        return http.post(path, headers(), "application/json", body);
    }

    Reply get(String path) throws InterruptedException {
        return http.get(path, headers());
    }

    /** What became of a charge. */
    Reply verify(String reference) throws InterruptedException {
        return get("/transaction/verify/" + encoded(reference));
    }

    /** Gives every payment request, page by page. Paystack's filter by customer takes its number, not its code, and so is of no use here. */
    void eachRequest(Consumer<JsonNode> taker) throws InterruptedException, UnreadListException {
        String path = "/paymentrequest?perPage=" + PAGE_SIZE;
        for (int page = 1; page <= PAGES_MAX; page++) {
            Reply reply = get(path + "&page=" + page);
            if (!reply.isSuccess()) {
                throw new UnreadListException(reply);
            }
            JsonNode data = reply.body().path("data");
            data.forEach(taker);
            if (data.size() < PAGE_SIZE) {
                return;
            }
        }
        throw new IllegalStateException("a list of more than " + PAGES_MAX + " pages: " + path);
    }

    private Map<String, String> headers() {
        return Map.of("Authorization", "Bearer " + key.reveal());
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
