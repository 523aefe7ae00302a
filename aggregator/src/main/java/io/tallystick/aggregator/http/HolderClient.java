package io.tallystick.aggregator.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import io.tallystick.schemas.event.RequestRefused;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Passes a request on to the process that holds the tenant, and its answer back. */
public final class HolderClient {

    private static final String FORWARDED = "Tallystick-Forwarded";
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final List<String> PASSED_ON = List.of("Accept", "Authorization");
    private static final int RETRY_AFTER_SECONDS = 2;
    private static final JsonMapper JSON = new JsonMapper();

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT).build();

    /** Answers with what the holder answers; 503 when the request was passed on to here, or nobody answers there. */
    public void forward(Context context, URI holder) {
        if (context.header(FORWARDED) != null) {
            // Two processes that each take the other for the holder: a rebalance is under way.
            throw RequestRefused.notReady("the tenant is moving to another process; try again", RETRY_AFTER_SECONDS);
        }
        HttpResponse<byte[]> answer = send(context, holder, "");
        context.status(answer.statusCode()).result(answer.body());
        answer.headers().firstValue("Content-Type").ifPresent(context::contentType);
        answer.headers().firstValue("Retry-After").ifPresent(after -> context.header("Retry-After", after));
    }

    /** Asks another process for its part of an answer: the same request with one more parameter. Anything but an answer is a 503. */
    JsonNode ask(Context context, URI holder, String parameter) {
        HttpResponse<byte[]> answer = send(context, holder, parameter);
        try {
            if (answer.statusCode() == HttpStatus.OK.getCode()) {
                return JSON.readTree(answer.body());
            }
        } catch (IOException e) {
            // Whatever answers there is not a process of ours, or broke off.
        }
        throw RequestRefused.notReady(
                "the process at " + holder + " cannot give its part now; try again", RETRY_AFTER_SECONDS);
    }

    private HttpResponse<byte[]> send(Context context, URI holder, String parameter) {
        String own = context.queryString();
        String query = Stream.of(own == null ? "" : own, parameter)
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining("&"));
        URI target = holder.resolve(context.req().getRequestURI() + (query.isEmpty() ? "" : "?" + query));
        HttpRequest.Builder request =
                HttpRequest.newBuilder(target).timeout(TIMEOUT).header(FORWARDED, "1");
        for (String name : PASSED_ON) {
            String value = context.header(name);
            if (value != null) {
                request.header(name, value);
            }
        }
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw RequestRefused.notReady(
                    "the process that holds this tenant does not answer; try again", RETRY_AFTER_SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw RequestRefused.notReady("this process is stopping; try again", RETRY_AFTER_SECONDS);
        }
    }
}
