package io.tallystick.deploy.verify.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** What a stand-in for Stripe reports by itself: signed, some of it several times, late and so in any order, each until it is answered with 200. */
final class FakeWebhooks {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int AGAIN_AFTER_MS = 300;

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final ExecutorService sending = Executors.newFixedThreadPool(4);
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicInteger taken = new AtomicInteger();
    private volatile String url = "";
    private String secret = "";
    private int duplicatePercent;
    private int delayMsMax;
    private Random random = new Random(0);
    private int made;

    /** @param wish where to, signed with what, how much of it twice, and how late at most */
    synchronized void set(JsonNode wish) {
        url = wish.path("url").asText();
        secret = wish.path("secret").asText();
        duplicatePercent = wish.path("duplicate").asInt();
        delayMsMax = wish.path("delayMs").asInt();
        random = new Random(wish.path("seed").asLong());
    }

    boolean isOn() {
        return !url.isEmpty();
    }

    /** How many have not been answered with 200 yet. */
    int waiting() {
        return waiting.get();
    }

    /** How many were answered with 200, repeats too. */
    int taken() {
        return taken.get();
    }

    /** Reports an object as it is now. */
    synchronized void snapshot(String type, ObjectNode object) {
        ObjectNode event = JsonNodeFactory.instance
                .objectNode()
                .put("id", "evt_" + ++made)
                .put("object", "event")
                .put("type", type)
                .put("api_version", "2026-07-29.dahlia")
                .put("created", Instant.now().getEpochSecond());
        event.putObject("data").set("object", object.deepCopy());
        send(event);
    }

    /** Reports an event as it is; thin ones come so. */
    synchronized void send(ObjectNode event) {
        String body = event.toString();
        int copies = random.nextInt(100) < duplicatePercent ? 2 + random.nextInt(2) : 1;
        for (int i = 0; i < copies; i++) {
            waiting.incrementAndGet();
            postIn(random.nextInt(delayMsMax + 1), body);
        }
    }

    private void postIn(int ms, String body) {
        CompletableFuture.delayedExecutor(ms, TimeUnit.MILLISECONDS, sending).execute(() -> post(body));
    }

    private void post(String body) {
        if (isTaken(body)) {
            taken.incrementAndGet();
            waiting.decrementAndGet();
        } else {
            postIn(AGAIN_AFTER_MS, body);
        }
    }

    private boolean isTaken(String body) {
        String time = Long.toString(Instant.now().getEpochSecond());
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .header("Stripe-Signature", "t=" + time + ",v1=" + signature(time + "." + body))
                .POST(BodyPublishers.ofString(body, StandardCharsets.UTF_8))
                .build();
        try {
            return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false; // it is being killed, or not there yet
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private String signature(String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
