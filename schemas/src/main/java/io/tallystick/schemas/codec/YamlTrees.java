package io.tallystick.schemas.codec;

import io.tallystick.schemas.value.DecimalText;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;
import org.yaml.snakeyaml.parser.Parser;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;

/**
 * Reads YAML into trees of JDK values, from the parser's events and not from its objects: so a number is what was written, {@code no} is the text "no",
 * and an alias costs what it unfolds into.
 *
 * <p>An unquoted scalar is a number when it is written as JSON writes numbers, a boolean when it is true or false, null when it is null, ~ or nothing;
 * everything else is text, dates and {@code .nan} and {@code 0x1F} among it.
 */
final class YamlTrees {

    private static final String TAG = "tag:yaml.org,2002:";
    private static final Set<String> RESOLVED_TAGS = Set.of(TAG + "int", TAG + "float", TAG + "bool", TAG + "null");
    private static final Set<String> COLLECTION_TAGS = Set.of(TAG + "map", TAG + "seq");

    /** In JSON no number, and elsewhere more likely a code ({@code 007}) or an octal one. */
    private static final Pattern LEADING_ZERO = Pattern.compile("-?0[0-9]");

    /** A value that has a name, with the number of values it unfolds into and how many levels are below it. */
    private record Anchored(@Nullable Object value, int nodes, int levels) {}

    private final Parser parser;
    private final TreeLimits limits = new TreeLimits();
    private final Map<String, Anchored> anchors = new HashMap<>();

    private YamlTrees(String text) {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(Integer.MAX_VALUE); // the size is limited before
        parser = new ParserImpl(new StreamReader(text), options);
    }

    /** All documents of the text; throws DocumentSyntaxException. */
    static List<@Nullable Object> read(String text) {
        try {
            YamlTrees reader = new YamlTrees(text);
            List<@Nullable Object> trees = new ArrayList<>();
            reader.parser.getEvent(); // the stream's start
            while (reader.parser.checkEvent(Event.ID.DocumentStart)) {
                reader.parser.getEvent();
                reader.anchors.clear();
                trees.add(reader.value(1));
                reader.parser.getEvent(); // the document's end
            }
            return trees;
        } catch (MarkedYAMLException e) {
            throw syntaxError(e);
        } catch (YAMLException e) {
            throw new DocumentSyntaxException(1, 1, firstLine(String.valueOf(e.getMessage())));
        }
    }

    private @Nullable Object value(int depth) {
        Event event = parser.getEvent();
        if (event instanceof AliasEvent alias) {
            return unfolded(alias, depth);
        }
        NodeEvent node = (NodeEvent) event;
        int before = limits.nodes();
        int deepestBefore = limits.deepest();
        limits.measureFrom(depth);
        limits.take(1, depth, line(node), column(node));
        Object value;
        if (node instanceof ScalarEvent scalar) {
            value = scalar(scalar);
        } else if (node instanceof SequenceStartEvent list) {
            checkTag(list.getTag(), list);
            value = list(depth);
        } else {
            checkTag(((MappingStartEvent) node).getTag(), node);
            value = object(depth);
        }
        if (node.getAnchor() != null) {
            anchors.put(node.getAnchor(), new Anchored(value, limits.nodes() - before, limits.deepest() - depth));
        }
        limits.measureFrom(Math.max(deepestBefore, limits.deepest()));
        return value;
    }

    private @Nullable Object unfolded(AliasEvent alias, int depth) {
        Anchored anchored = anchors.get(alias.getAnchor());
        if (anchored == null) {
            throw error(alias, "*" + alias.getAnchor() + " names nothing in front of it in this document");
        }
        limits.take(anchored.nodes(), depth + anchored.levels(), line(alias), column(alias));
        return anchored.value();
    }

    private List<@Nullable Object> list(int depth) {
        List<@Nullable Object> list = new ArrayList<>();
        while (!parser.checkEvent(Event.ID.SequenceEnd)) {
            list.add(value(depth + 1));
        }
        parser.getEvent();
        return list;
    }

    private Map<String, @Nullable Object> object(int depth) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        List<Map<?, ?>> merged = new ArrayList<>();
        while (!parser.checkEvent(Event.ID.MappingEnd)) {
            Event key = parser.peekEvent();
            if (!(key instanceof ScalarEvent scalar)) {
                throw error(key, "a field's name is text, not a list, an object or an alias");
            }
            parser.getEvent();
            if (scalar.isPlain() && scalar.getValue().equals("<<")) {
                merge(value(depth + 1), merged, scalar);
                continue;
            }
            String name = TreeLimits.text(scalar.getValue(), line(scalar), column(scalar));
            if (object.containsKey(name)) {
                throw error(scalar, "the field \"" + name + "\" stands here twice");
            }
            object.put(name, value(depth + 1));
        }
        parser.getEvent();
        for (Map<?, ?> fields : merged) {
            fields.forEach((name, value) -> {
                if (!object.containsKey((String) name)) {
                    object.put((String) name, value);
                }
            });
        }
        return object;
    }

    /** {@code <<} takes over the fields of one object or of several, those in front first; the object's own win. */
    private static void merge(@Nullable Object value, List<Map<?, ?>> merged, Event key) {
        if (value instanceof Map<?, ?> fields) {
            merged.add(fields);
        } else if (value instanceof List<?> list && list.stream().allMatch(Map.class::isInstance)) {
            list.forEach(fields -> merged.add((Map<?, ?>) fields));
        } else {
            throw error(key, "<< takes an object or a list of objects");
        }
    }

    private @Nullable Object scalar(ScalarEvent scalar) {
        String tag = scalar.getTag();
        String text = TreeLimits.text(scalar.getValue(), line(scalar), column(scalar));
        if (tag == null ? !scalar.isPlain() : tag.equals(TAG + "str") || tag.equals("!")) {
            return text;
        }
        if (tag != null && !RESOLVED_TAGS.contains(tag)) {
            throw unknownTag(tag, scalar);
        }
        return switch (text) {
            case "", "~", "null", "Null", "NULL" -> null;
            case "true", "True", "TRUE" -> true;
            case "false", "False", "FALSE" -> false;
            default -> {
                Optional<BigDecimal> number =
                        LEADING_ZERO.matcher(text).lookingAt() ? Optional.empty() : DecimalText.parse(text);
                yield number.isPresent() ? number.get() : text;
            }
        };
    }

    private static void checkTag(@Nullable String tag, Event at) {
        if (tag != null && !tag.equals("!") && !COLLECTION_TAGS.contains(tag)) {
            throw unknownTag(tag, at);
        }
    }

    private static DocumentSyntaxException unknownTag(String tag, Event at) {
        return error(at, "the tag " + tag.replace(TAG, "!!") + " means nothing here");
    }

    private static DocumentSyntaxException syntaxError(MarkedYAMLException e) {
        Mark mark = e.getProblemMark() != null ? e.getProblemMark() : e.getContextMark();
        String problem = e.getProblem() != null ? e.getProblem() : String.valueOf(e.getMessage());
        String context = e.getContext() == null ? "" : e.getContext() + ": ";
        return new DocumentSyntaxException(
                mark == null ? 1 : mark.getLine() + 1,
                mark == null ? 1 : mark.getColumn() + 1,
                firstLine(context + problem));
    }

    private static DocumentSyntaxException error(Event at, String message) {
        return new DocumentSyntaxException(line(at), column(at), message);
    }

    private static int line(Event event) {
        return event.getStartMark().getLine() + 1;
    }

    private static int column(Event event) {
        return event.getStartMark().getColumn() + 1;
    }

    private static String firstLine(String message) {
        int end = message.indexOf('\n');
        return end < 0 ? message : message.substring(0, end);
    }
}
