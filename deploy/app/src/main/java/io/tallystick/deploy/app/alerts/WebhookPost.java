package io.tallystick.deploy.app.alerts;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.stream.Collectors;

/** One attempt after the other to hand over an alert. */
final class WebhookPost {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int SUCCESS = 2;
    private static final Duration RETRY_AFTER_MAX = Duration.ofHours(1);

    private final WebhookSettings settings;
    private final InstantSource clock;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();

    WebhookPost(WebhookSettings settings, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * What came of one attempt.
     *
     * @param problem empty when it was taken
     * @param retryAfter when the receiver said so
     */
    record Outcome(String problem, Optional<Duration> retryAfter) {
        boolean isDelivered() {
            return problem.isEmpty();
        }
    }

    /** Any answer of 200 to 299 takes it; redirects are not followed. */
    Outcome post(String id, byte[] body) throws InterruptedException {
        long seconds = clock.instant().getEpochSecond();
        String signatures = settings.secrets().stream()
                .map(secret -> secret.sign(id, seconds, body))
                .collect(Collectors.joining(" "));
        HttpRequest request = HttpRequest.newBuilder(settings.url())
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .header("User-Agent", "tallystick")
                .header("webhook-id", id)
                .header("webhook-timestamp", Long.toString(seconds))
                .header("webhook-signature", signatures)
                .POST(BodyPublishers.ofByteArray(body))
                .build();
        try {
            HttpResponse<Void> answer = http.send(request, BodyHandlers.discarding());
            return answer.statusCode() / 100 == SUCCESS
                    ? new Outcome("", Optional.empty())
                    : new Outcome("HTTP " + answer.statusCode(), retryAfter(answer));
        } catch (IOException e) {
            return new Outcome(e.getClass().getSimpleName(), Optional.empty());
        }
    }

    /** Seconds only; a date is not worth trusting another clock for. */
    private static Optional<Duration> retryAfter(HttpResponse<Void> answer) {
        return answer.headers()
                .firstValue("Retry-After")
                .filter(text -> text.matches("[0-9]{1,6}"))
                .map(text -> Duration.ofSeconds(Long.parseLong(text)))
                .map(wait -> wait.compareTo(RETRY_AFTER_MAX) > 0 ? RETRY_AFTER_MAX : wait);
    }
}
