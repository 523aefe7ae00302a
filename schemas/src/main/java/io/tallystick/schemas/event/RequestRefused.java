package io.tallystick.schemas.event;

import io.tallystick.schemas.catalog.CatalogError;
import java.util.List;
import java.util.OptionalInt;

/** A request that is answered with an error: what HTTP says as {@code application/problem+json} and the command line as one line. */
public final class RequestRefused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final String title;
    private final transient List<CatalogError> errors;
    private final int retryAfterSeconds;

    /** @param status the HTTP status; {@code detail} says what is wrong with this request and what to do */
    public RequestRefused(int status, String title, String detail) {
        this(status, title, detail, List.of(), 0);
    }

    /**
     * @param errors every single error with its path; may be empty
     * @param retryAfterSeconds when to try again; 0 when trying again is no help
     */
    public RequestRefused(int status, String title, String detail, List<CatalogError> errors, int retryAfterSeconds) {
        super(detail, null, false, false);
        this.status = status;
        this.title = title;
        this.errors = List.copyOf(errors);
        this.retryAfterSeconds = retryAfterSeconds;
    }

    /** 400 for a request that cannot be understood. */
    public static RequestRefused badRequest(String detail) {
        return new RequestRefused(400, "Bad request", detail);
    }

    /** 404 for a thing that is not there. */
    public static RequestRefused notFound(String detail) {
        return new RequestRefused(404, "Not found", detail);
    }

    /** 503 with {@code Retry-After}: right now there is no right answer. */
    public static RequestRefused notReady(String detail, int retryAfterSeconds) {
        return new RequestRefused(503, "Not ready", detail, List.of(), retryAfterSeconds);
    }

    public int status() {
        return status;
    }

    public String title() {
        return title;
    }

    public String detail() {
        return String.valueOf(getMessage());
    }

    public List<CatalogError> errors() {
        return errors;
    }

    public OptionalInt retryAfterSeconds() {
        return retryAfterSeconds > 0 ? OptionalInt.of(retryAfterSeconds) : OptionalInt.empty();
    }
}
