package io.tallystick.deploy.app.server;

import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.tallystick.schemas.event.RequestRefused;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Who may do what: looked at once for each request, before its route. */
public final class Access {

    private static final String CALLER = "tallystick.caller";
    private static final String EVENTS = "/api/v1/events";
    private static final Set<String> ANYONE_POSTS = Set.of("/api/v1/price");
    private static final Pattern OF_ONE_TENANT = Pattern.compile("/api/v1/tenants/([^/]+)(/.*)?");
    // Readers that are bound to tenants: what carries other tenants' data, and is not filtered by its route.
    private static final Set<String> OF_ALL_TENANTS = Set.of(
            "/api/v1/catalog",
            "/api/v1/deliveries/failed",
            "/api/v1/ingest/accounting",
            "/api/v1/periods/closing",
            "/api/v1/rejected",
            "/metrics");

    private static final Pattern DAYS_OF_ALL_TENANTS = Pattern.compile("/api/v1/meters/[^/]+/days");

    private final @Nullable ApiKeys keys;

    /** @param keys null where no keys are used */
    Access(@Nullable ApiKeys keys) {
        this.keys = keys;
    }

    /** Refuses the request, or notes who makes it. */
    void check(Context context) {
        String path = pathOf(context);
        if (keys == null || path.startsWith("/health/") || path.startsWith("/api/v1/webhooks/")) {
            context.attribute(CALLER, ApiKey.ANYONE);
            return;
        }
        ApiKey caller = keys.authenticate(context.header("Authorization")).orElseThrow(() -> {
            context.header("WWW-Authenticate", "Bearer");
            return new RequestRefused(
                    401, "Unauthorized", "send a key of this service's key file as 'Authorization: Bearer KEY'");
        });
        if (!mayUse(caller, context.method(), path)) {
            throw forbidden("key " + caller.name() + " is a " + caller.role().text() + ", which may not "
                    + context.method() + " " + path);
        }
        context.attribute(CALLER, caller);
        checkTenants(context, caller, path);
    }

    /** Whether the one who makes this request may read what is a tenant's. */
    public static boolean mayRead(Context context, String tenant) {
        ApiKey caller = context.attribute(CALLER);
        return Objects.requireNonNull(caller, "every request has a caller").sees(tenant);
    }

    /** The path as the routes understand it, however it was written. */
    private static String pathOf(Context context) {
        String path = URLDecoder.decode(context.path().replace("+", "%2B"), StandardCharsets.UTF_8);
        return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    private static boolean mayUse(ApiKey caller, HandlerType method, String path) {
        return switch (caller.role()) {
            case OPERATOR -> true;
            case PRODUCER -> path.equals(EVENTS);
            case READER ->
                method.equals(HandlerType.GET) || method.equals(HandlerType.HEAD) || ANYONE_POSTS.contains(path);
        };
    }

    private static void checkTenants(Context context, ApiKey caller, String path) {
        if (caller.tenants().isEmpty()) {
            return;
        }
        if (OF_ALL_TENANTS.contains(path) || DAYS_OF_ALL_TENANTS.matcher(path).matches()) {
            throw forbidden("key " + caller.name() + " is bound to tenants, and " + path + " shows all of them");
        }
        Matcher matcher = OF_ONE_TENANT.matcher(path);
        if (matcher.matches()) {
            checkTenant(caller, matcher.group(1));
        }
        for (String parameter : Set.of("subject", "tenant")) {
            context.queryParams(parameter).forEach(tenant -> checkTenant(caller, tenant));
        }
    }

    private static void checkTenant(ApiKey caller, String tenant) {
        if (!caller.sees(tenant)) {
            throw forbidden("key " + caller.name() + " may not see tenant " + tenant);
        }
    }

    private static RequestRefused forbidden(String detail) {
        return new RequestRefused(403, "Forbidden", detail);
    }
}
