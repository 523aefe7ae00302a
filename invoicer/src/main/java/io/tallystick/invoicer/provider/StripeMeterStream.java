package io.tallystick.invoicer.provider;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tallystick.invoicer.provider.ProviderHttp.Reply;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Stripe's stream of meter events, which takes a hundred in one request: whatever threads bring while the requests before are under way goes together in the
 * next. An answer of 200 says that they were taken, not that they could be used; what could not is reported by a webhook.
 */
final class StripeMeterStream {

    static final int EVENTS_MAX = 100;

    private static final int REQUESTS_MAX = 4;
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    /** Of the 15 minutes that Stripe gives a session. */
    private static final Duration SESSION = Duration.ofMinutes(14);

    private static final JsonMapper JSON = new JsonMapper();

    private final StripeApi api;
    private final ProviderHttp http;
    private final Deque<Event> waiting = new ArrayDeque<>();
    private int underWay;
    private @Nullable Session session;

    /** @param base of the stream, which is not that of the other requests */
    StripeMeterStream(StripeApi api, String base) {
        this.api = api;
        this.http = new ProviderHttp(base, TIMEOUT);
    }

    private record Session(ApiSecret token, long untilNanos) {}

    private static final class Event {
        private final Map<String, Object> body;
        private @Nullable Reply reply;

        Event(Map<String, Object> body) {
            this.body = body;
        }
    }

    /** Sends one event with others; returns what was answered to the request that it was in. */
    Reply send(String form) throws InterruptedException {
        Event mine = new Event(event(form));
        synchronized (this) {
            waiting.addLast(mine);
        }
        while (true) {
            List<Event> batch = new ArrayList<>();
            synchronized (this) {
                try {
                    while (mine.reply == null && (underWay == REQUESTS_MAX || waiting.isEmpty())) {
                        wait();
                    }
                } catch (InterruptedException e) {
                    waiting.remove(mine);
                    throw e;
                }
                if (mine.reply != null) {
                    return mine.reply;
                }
                while (!waiting.isEmpty() && batch.size() < EVENTS_MAX) {
                    batch.add(waiting.removeFirst());
                }
                underWay++;
            }
            send(batch);
        }
    }

    private void send(List<Event> batch) throws InterruptedException {
        List<Reply> replies = new ArrayList<>();
        try {
            Reply reply = post(batch);
            boolean isOneOfThemWrong = reply.status() == 400 && batch.size() > 1;
            for (Event event : batch) {
                replies.add(isOneOfThemWrong ? post(List.of(event)) : reply);
            }
        } finally {
            synchronized (this) {
                underWay--;
                for (int i = 0; i < batch.size(); i++) {
                    batch.get(i).reply =
                            i < replies.size() ? replies.get(i) : Reply.none("the request was interrupted");
                }
                notifyAll();
            }
        }
    }

    private Reply post(List<Event> batch) throws InterruptedException {
        for (boolean isNew = false; ; isNew = true) {
            Session current = session();
            if (current == null || isNew) {
                Reply opened = api.postJson("/v2/billing/meter_event_session", "{}");
                if (!opened.isSuccess()) {
                    return opened;
                }
                current = new Session(
                        new ApiSecret(opened.text("/authentication_token")), System.nanoTime() + SESSION.toNanos());
                keep(current);
            }
            Reply reply = http.post(
                    "/v2/billing/meter_event_stream",
                    Map.of("Authorization", "Bearer " + current.token().reveal(), "Stripe-Version", StripeApi.VERSION),
                    "application/json",
                    json(Map.of(
                            "events", batch.stream().map(event -> event.body).toList())));
            if (reply.status() != 401 || isNew) {
                return reply;
            }
        }
    }

    private synchronized @Nullable Session session() {
        return session != null && System.nanoTime() - session.untilNanos() < 0 ? session : null;
    }

    private synchronized void keep(Session opened) {
        session = opened;
    }

    /** The frozen form as the stream takes it. */
    private static Map<String, Object> event(String form) {
        Map<String, Object> event = new LinkedHashMap<>();
        Map<String, String> payload = new TreeMap<>();
        for (String field : form.split("&", -1)) {
            int equals = field.indexOf('=');
            String name = field.substring(0, equals);
            String value = URLDecoder.decode(field.substring(equals + 1), StandardCharsets.UTF_8);
            if (name.startsWith("payload[")) {
                payload.put(name.substring("payload[".length(), name.length() - 1), value);
            } else if (name.equals("timestamp")) {
                event.put(name, Instant.ofEpochSecond(Long.parseLong(value)).toString());
            } else {
                event.put(name, value);
            }
        }
        event.put("payload", payload);
        return event;
    }

    private static String json(Map<String, Object> tree) {
        try {
            return JSON.writeValueAsString(tree);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e); // maps and texts
        }
    }
}
