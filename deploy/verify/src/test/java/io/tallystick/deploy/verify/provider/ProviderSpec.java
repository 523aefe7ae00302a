package io.tallystick.deploy.verify.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** An excerpt of a provider's OpenAPI description: says what is wrong with a request. */
final class ProviderSpec {

    private final JsonNode root;

    private ProviderSpec(JsonNode root) {
        this.root = root;
    }

    /** @param resource without its ending */
    static ProviderSpec of(String resource) {
        String name = resource + ".json";
        try (InputStream file = ProviderSpec.class.getResourceAsStream(name)) {
            if (file == null) {
                throw new IllegalStateException("no resource " + name);
            }
            return new ProviderSpec(new ObjectMapper().readTree(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The fields of a form or a query in their order; a later one replaces an earlier one of the same name. */
    static Map<String, String> fields(String encoded) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String pair : encoded.isEmpty() ? new String[0] : encoded.split("&", -1)) {
            int equals = pair.indexOf('=');
            fields.put(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
        }
        return fields;
    }

    /** What is wrong with it; empty for nothing. */
    Optional<String> problem(String method, String path, String query, String body) {
        Optional<JsonNode> operation = operation(method, path);
        if (operation.isEmpty()) {
            return Optional.of("Unrecognized request URL (" + method + ": " + path + ")");
        }
        List<String> problems = new ArrayList<>();
        checkQuery(operation.get(), fields(query), problems);
        JsonNode form = operation.get().at("/requestBody/content/application~1x-www-form-urlencoded/schema");
        if (!form.isMissingNode()) {
            checkObject(form, tree(fields(body)), "", problems);
        } else if (!body.isEmpty()) {
            problems.add("a body where none is taken");
        }
        return problems.stream().findFirst();
    }

    /** What is wrong with a body of JSON; empty for nothing. */
    Optional<String> jsonProblem(String method, String path, String body) {
        JsonNode schema = operation(method, path)
                .orElseThrow(() -> new IllegalArgumentException("no operation " + path))
                .at("/requestBody/content/application~1json/schema");
        if (schema.isMissingNode()) {
            return body.isEmpty() ? Optional.empty() : Optional.of("a body where none is taken");
        }
        List<String> problems = new ArrayList<>();
        checkJson(schema, json(body), "", problems);
        return problems.stream().findFirst();
    }

    static JsonNode json(String body) {
        try {
            return new ObjectMapper().readTree(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void checkJson(JsonNode some, JsonNode value, String at, List<String> problems) {
        JsonNode schema = resolved(some);
        String type = schema.path("type").asText();
        boolean isWrong = switch (type) {
            case "object" -> !value.isObject();
            case "array" -> !value.isArray() || value.isEmpty() || value.size() > 100;
            case "string" -> !value.isTextual();
            case "integer" -> !value.isIntegralNumber();
            case "boolean" -> !value.isBoolean();
            default -> false;
        };
        if (schema.has("enum")) {
            boolean isListed = false;
            for (JsonNode one : schema.get("enum")) {
                isListed |= one.equals(value);
            }
            isWrong |= !isListed;
        }
        if (isWrong) {
            problems.add("Invalid " + type + " in " + at);
            return;
        }
        for (JsonNode required : schema.path("required")) {
            if (!value.has(required.asText())) {
                problems.add("Missing required param: " + at + required.asText());
            }
        }
        if (value.isArray()) {
            value.forEach(one -> checkJson(schema.path("items"), one, at + "[].", problems));
        }
        boolean isOpen = !schema.has("properties") && !schema.has("additionalProperties");
        for (Map.Entry<String, JsonNode> field :
                isOpen ? Map.<String, JsonNode>of().entrySet() : value.properties()) {
            JsonNode property = schema.path("properties").path(field.getKey());
            if (property.isMissingNode()) {
                property = schema.path("additionalProperties");
            }
            if (property.isObject()) {
                checkJson(property, field.getValue(), at + field.getKey() + ".", problems);
            } else {
                problems.add("Received unknown parameter: " + at + field.getKey());
            }
        }
    }

    private Optional<JsonNode> operation(String method, String path) {
        String[] wanted = path.split("/", -1);
        JsonNode best = null;
        int mostLiterals = -1;
        for (Map.Entry<String, JsonNode> entry : root.path("paths").properties()) {
            String[] parts = entry.getKey().split("/", -1);
            int literals = 0;
            boolean matches = parts.length == wanted.length;
            for (int i = 0; matches && i < parts.length; i++) {
                boolean isLiteral = !parts[i].startsWith("{");
                matches = !isLiteral || parts[i].equals(wanted[i]);
                literals += isLiteral ? 1 : 0;
            }
            if (matches && literals > mostLiterals) {
                mostLiterals = literals;
                best = entry.getValue().get(method.toLowerCase(java.util.Locale.ROOT));
            }
        }
        return Optional.ofNullable(best);
    }

    private void checkQuery(JsonNode operation, Map<String, String> query, List<String> problems) {
        Map<String, JsonNode> known = new TreeMap<>();
        for (JsonNode parameter : operation.path("parameters")) {
            if (parameter.path("in").asText().equals("query")) {
                known.put(parameter.path("name").asText(), parameter);
                boolean isMissing = parameter.path("required").asBoolean()
                        && !query.containsKey(parameter.path("name").asText());
                if (isMissing) {
                    problems.add(
                            "Missing required param: " + parameter.path("name").asText());
                }
            }
        }
        query.forEach((name, value) -> {
            JsonNode parameter = known.get(name.replaceAll("\\[.*", ""));
            if (parameter == null) {
                problems.add("Received unknown parameter: " + name);
            } else if (!name.contains("[")) {
                checkText(parameter.path("schema"), value, name, problems);
            }
        });
    }

    private void checkObject(JsonNode schema, Map<String, Object> object, String at, List<String> problems) {
        JsonNode properties = schema.path("properties");
        for (JsonNode required : schema.path("required")) {
            if (!object.containsKey(required.asText())) {
                problems.add("Missing required param: " + at + required.asText());
            }
        }
        object.forEach((name, value) -> {
            JsonNode property = resolved(properties.path(name));
            if (property.isMissingNode() && schema.path("additionalProperties").isObject()) {
                property = resolved(schema.path("additionalProperties"));
            }
            if (property.isMissingNode()) {
                if (properties.size() > 0) {
                    problems.add("Received unknown parameter: " + at + name);
                }
            } else if (value instanceof String text) {
                checkText(property, text, at + name, problems);
            } else {
                @SuppressWarnings("unchecked")
                Map<String, Object> inner = (Map<String, Object>) value;
                checkObject(property, inner, at + name + ".", problems);
            }
        });
    }

    private void checkText(JsonNode schema, String text, String at, List<String> problems) {
        if (schema.has("anyOf")) {
            boolean fits = false;
            for (JsonNode one : schema.get("anyOf")) {
                List<String> none = new ArrayList<>();
                checkText(resolved(one), text, at, none);
                fits |= none.isEmpty();
            }
            if (!fits) {
                problems.add("Invalid value of " + at + ": " + text);
            }
            return;
        }
        String type = schema.path("type").asText();
        boolean isWrong = (type.equals("integer") && !text.matches("-?[0-9]+"))
                || (type.equals("boolean") && !text.matches("true|false"))
                || (type.equals("number") && !text.matches("-?[0-9]+(\\.[0-9]+)?"))
                || (type.equals("object") && !text.isEmpty())
                || schema.path("maxLength").asInt(Integer.MAX_VALUE) < text.length();
        if (schema.has("enum")) {
            boolean isListed = false;
            for (JsonNode one : schema.get("enum")) {
                isListed |= one.asText().equals(text);
            }
            isWrong |= !isListed;
        }
        if (isWrong) {
            problems.add("Invalid " + type + " in " + at + ": " + text);
        }
    }

    private JsonNode resolved(JsonNode schema) {
        String reference = schema.path("$ref").asText("");
        return reference.isEmpty() ? schema : root.at(reference.substring(1));
    }

    /** {@code a[b][c]=1} as the tree it stands for. */
    private static Map<String, Object> tree(Map<String, String> fields) {
        Map<String, Object> tree = new LinkedHashMap<>();
        fields.forEach((name, value) -> {
            String[] parts = name.replace("]", "").split("\\[", -1);
            Map<String, Object> at = tree;
            for (int i = 0; i < parts.length - 1; i++) {
                @SuppressWarnings("unchecked")
                Map<String, Object> inner =
                        (Map<String, Object>) at.computeIfAbsent(parts[i], key -> new LinkedHashMap<String, Object>());
                at = inner;
            }
            at.put(parts[parts.length - 1], value);
        });
        return tree;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
