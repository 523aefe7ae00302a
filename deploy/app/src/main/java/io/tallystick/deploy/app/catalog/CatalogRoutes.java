package io.tallystick.deploy.app.catalog;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.tallystick.deploy.app.catalog.CatalogService.Applied;
import io.tallystick.schemas.catalog.Catalog;
import io.tallystick.schemas.catalog.CatalogCanonical;
import io.tallystick.schemas.catalog.CatalogChange;
import io.tallystick.schemas.catalog.CatalogChange.FieldChange;
import io.tallystick.schemas.catalog.CatalogRevision;
import io.tallystick.schemas.event.RequestRefused;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code /api/v1/catalog}: the catalogue, and publishing a new revision of it ({@code ?dryRun=true}: only saying what would change,
 * and what it would do to the bills of open periods). */
public final class CatalogRoutes {

    private static final JsonMapper JSON = new JsonMapper();

    private final CatalogService service;
    private final @Nullable CatalogEffect effect;

    /** @param effect what a change would do to bills; null where this process rates nothing */
    public CatalogRoutes(CatalogService service, @Nullable CatalogEffect effect) {
        this.service = service;
        this.effect = effect;
    }

    public void addTo(RoutesConfig routes) {
        routes.get("/api/v1/catalog", context -> write(context, tree(service.newest(), null)));
        routes.put("/api/v1/catalog", this::put);
    }

    private void put(Context context) {
        if (!isDryRun(context)) {
            Applied applied = service.apply(context.bodyAsBytes());
            write(context, tree(applied.revision(), applied.changes()));
            return;
        }
        int tenantsMax = tenantsMax(context.queryParam("limit"));
        String after = context.queryParam("after");
        Applied applied = service.preview(context.bodyAsBytes());
        Map<String, @Nullable Object> answer = tree(applied.revision(), applied.changes());
        answer.put(
                "effect",
                effect == null
                        ? null
                        : effect.page(
                                applied.revision().catalog(),
                                applied.changes(),
                                after == null ? "" : after,
                                tenantsMax));
        write(context, answer);
    }

    /** Anything but true and false is refused: nobody should publish by a slip of the pen. */
    private static boolean isDryRun(Context context) {
        String dryRun = context.queryParam("dryRun");
        if (dryRun == null || dryRun.equals("false")) {
            return false;
        }
        if (!dryRun.equals("true")) {
            throw RequestRefused.badRequest("dryRun is true or false, not " + dryRun);
        }
        return true;
    }

    private static int tenantsMax(@Nullable String text) {
        if (text == null) {
            return CatalogEffect.TENANTS_DEFAULT;
        }
        int limit = text.matches("[0-9]{1,4}") ? Integer.parseInt(text) : 0;
        if (limit < 1 || limit > CatalogEffect.TENANTS_MAX) {
            throw RequestRefused.badRequest("limit is 1 to " + CatalogEffect.TENANTS_MAX + " tenants, not " + text);
        }
        return limit;
    }

    private static Map<String, @Nullable Object> tree(
            CatalogRevision revision, @Nullable List<CatalogChange.Change> changes) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("revision", revision.number());
        tree.put("hash", revision.hash());
        if (changes != null) {
            tree.put("changes", changes.stream().map(CatalogRoutes::tree).toList());
        }
        Catalog.Settings settings = revision.catalog().settings();
        tree.put(
                "settings",
                Map.of(
                        "horizon", settings.horizon().toString(),
                        "skew", settings.skew().toString()));
        tree.putAll(CatalogCanonical.tree(revision.catalog()));
        return tree;
    }

    private static Map<String, @Nullable Object> tree(CatalogChange.Change change) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("change", change.isNew() ? "added" : "updated");
        tree.put("kind", change.key().kind().text());
        tree.put("name", change.key().name());
        tree.put("fields", change.fields().stream().map(CatalogRoutes::tree).toList());
        return tree;
    }

    private static Map<String, @Nullable Object> tree(FieldChange field) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("path", field.path());
        tree.put("before", field.before());
        tree.put("after", field.after());
        return tree;
    }

    private static void write(Context context, Map<String, @Nullable Object> tree) {
        try {
            context.contentType("application/json").result(JSON.writeValueAsBytes(tree));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e); // a tree of maps, lists and texts always has a JSON form
        }
    }
}
