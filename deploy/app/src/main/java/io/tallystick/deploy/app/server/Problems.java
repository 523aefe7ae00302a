package io.tallystick.deploy.app.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;
import io.tallystick.schemas.catalog.CatalogError;
import io.tallystick.schemas.event.RequestRefused;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.io.EofException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Errors as RFC 9457 {@code application/problem+json}. */
final class Problems {

    static final String CONTENT_TYPE = "application/problem+json";

    private static final Logger LOG = LoggerFactory.getLogger(Problems.class);
    private static final JsonMapper JSON = new JsonMapper();

    private Problems() {}

    static void answer(RequestRefused refused, Context context) {
        refused.retryAfterSeconds().ifPresent(seconds -> context.header("Retry-After", Integer.toString(seconds)));
        write(context, refused.status(), refused.title(), refused.detail(), refused.errors());
    }

    static void answer(HttpResponseException e, Context context) {
        String title = HttpStatus.forStatus(e.getStatus()).getMessage();
        String detail = switch (e.getStatus()) {
            case 404 -> "there is nothing at " + context.path();
            case 405 -> context.path() + " does not take " + context.method();
            case 413 -> "the body is larger than " + HttpServer.BODY_BYTES_MAX + " bytes";
            default -> String.valueOf(e.getMessage());
        };
        String allowed = e.getDetails().get("availableMethods");
        if (e.getStatus() == 405 && allowed != null) {
            context.header("Allow", allowed);
        }
        write(context, e.getStatus(), title, detail, List.of());
    }

    /** A bug of ours, unless the request itself was not what it said: the log has the details, the answer has none. */
    static void answer(Exception e, Context context) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof EofException || (cause instanceof HttpException bad && bad.getCode() < 500)) {
                write(context, 400, "Bad request", "the body is not what the request's headers say", List.of());
                return;
            }
        }
        LOG.error("request_failed method={} path={}", context.method(), context.path(), e);
        write(context, 500, "Internal error", "this is a bug in Tallystick; its log says more", List.of());
    }

    /** The same form where there is no context: errors that the server meets before a request is whole. */
    static byte[] json(int status, String title, String detail, List<CatalogError> errors) {
        Map<String, Object> problem = new LinkedHashMap<>();
        problem.put("type", "about:blank");
        problem.put("title", title);
        problem.put("status", status);
        problem.put("detail", detail);
        if (!errors.isEmpty()) {
            problem.put("errors", errors); // records: path, message
        }
        try {
            return JSON.writeValueAsBytes(problem);
        } catch (JsonProcessingException e) {
            return ("{\"type\":\"about:blank\",\"status\":" + status + "}").getBytes(StandardCharsets.UTF_8);
        }
    }

    private static void write(Context context, int status, String title, String detail, List<CatalogError> errors) {
        context.status(status).contentType(CONTENT_TYPE).result(json(status, title, detail, errors));
    }
}
