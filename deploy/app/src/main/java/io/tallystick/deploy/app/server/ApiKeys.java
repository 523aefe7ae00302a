package io.tallystick.deploy.app.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.tallystick.deploy.app.Failure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The keys of a key file. Only their hashes are kept, and compared in constant time. */
public final class ApiKeys {

    private static final Set<String> FIELDS = Set.of("name", "key", "keySha256", "role", "tenants");
    private static final Pattern SHA256_HEX = Pattern.compile("[0-9a-fA-F]{64}");

    private final List<Entry> entries;

    private record Entry(String sha256Hex, ApiKey key) {}

    private ApiKeys(List<Entry> entries) {
        this.entries = List.copyOf(entries);
    }

    /** Reads {@code keys: [{name, key | keySha256, role, tenants}]}; a Failure that names the place of the first mistake. */
    public static ApiKeys read(Path file) {
        JsonNode root;
        try {
            root = new YAMLMapper().readTree(Files.readAllBytes(file));
        } catch (IOException e) {
            throw Failure.wrongInput(
                    "the key file " + file + " cannot be read (" + e + ")", "name a YAML file with --keys", e);
        }
        if (root == null || !root.path("keys").isArray() || root.path("keys").isEmpty()) {
            throw wrong(file, "keys", "is a list of at least one key");
        }
        List<Entry> entries = new ArrayList<>();
        int at = 0;
        for (JsonNode node : root.path("keys")) {
            entries.add(entry(file, "keys[" + at++ + "]", node));
        }
        return new ApiKeys(entries);
    }

    /** The key of an {@code Authorization} header, if it is one of these. */
    Optional<ApiKey> authenticate(@Nullable String authorization) {
        if (authorization == null || !authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
            return Optional.empty();
        }
        byte[] shown = ascii(sha256Hex(authorization.substring(7).strip()));
        ApiKey found = null;
        for (Entry entry : entries) { // every one, so that the time taken says nothing
            if (MessageDigest.isEqual(ascii(entry.sha256Hex), shown)) {
                found = entry.key;
            }
        }
        return Optional.ofNullable(found);
    }

    private static Entry entry(Path file, String path, JsonNode node) {
        node.fieldNames().forEachRemaining(field -> {
            if (!FIELDS.contains(field)) {
                throw wrong(file, path + "." + field, "is not a field of a key (name, key, keySha256, role, tenants)");
            }
        });
        String key = node.path("key").asText("");
        String hash = node.path("keySha256").asText("");
        if (key.isEmpty() == hash.isEmpty()) {
            throw wrong(file, path, "has either key or keySha256");
        }
        Set<String> tenants = new HashSet<>();
        if (node.has("tenants")) {
            if (!node.get("tenants").isArray() || node.get("tenants").isEmpty()) {
                throw wrong(file, path + ".tenants", "is a list of at least one tenant, or absent for all");
            }
            node.get("tenants").forEach(tenant -> tenants.add(tenant.asText()));
        }
        return new Entry(
                key.isEmpty() ? parsedHash(file, path, hash) : sha256Hex(key),
                new ApiKey(
                        node.path("name").asText(path),
                        role(file, path, node.path("role").asText("")),
                        tenants));
    }

    private static String parsedHash(Path file, String path, String text) {
        if (!SHA256_HEX.matcher(text).matches()) {
            throw wrong(file, path + ".keySha256", "is 64 hex digits");
        }
        return text.toLowerCase(Locale.ROOT);
    }

    private static ApiKey.Role role(Path file, String path, String text) {
        for (ApiKey.Role role : ApiKey.Role.values()) {
            if (role.text().equals(text)) {
                return role;
            }
        }
        throw wrong(file, path + ".role", "is producer, reader or operator");
    }

    private static Failure wrong(Path file, String path, String rule) {
        return Failure.wrongInput("the key file " + file + " is wrong at " + path, path + " " + rule);
    }

    private static String sha256Hex(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JVM has it
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
