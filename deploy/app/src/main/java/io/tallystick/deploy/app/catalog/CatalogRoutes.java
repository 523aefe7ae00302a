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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code /api/v1/catalog}: the catalogue, and publishing a new revision of it ({@code ?dryRun=true}: only saying what would change). */
public final class CatalogRoutes {

    private static final JsonMapper JSON = new JsonMapper();

    private final CatalogService service;

    public CatalogRoutes(CatalogService service) {
        this.service = service;
    }

    public void addTo(RoutesConfig routes) {
        routes.get("/api/v1/catalog", context -> write(context, tree(service.newest(), null)));
        routes.put("/api/v1/catalog", this::put);
    }

    private void put(Context context) {
        boolean dryRun = "true".equals(context.queryParam("dryRun"));
        Applied applied = dryRun ? service.preview(context.bodyAsBytes()) : service.apply(context.bodyAsBytes());
        write(context, tree(applied.revision(), applied.changes()));
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
