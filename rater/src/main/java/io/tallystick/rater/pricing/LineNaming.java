package io.tallystick.rater.pricing;

import io.tallystick.schemas.catalog.Charge;
import io.tallystick.schemas.value.Dimensions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a group of usage is called: its name, which topics are keyed by, its words on the invoice, and the dimensions it shows. */
final class LineNaming {

    private static final String HEX_DIGITS = "0123456789ABCDEF";

    private LineNaming() {}

    /** {@code compute/2026-04-01T00Z}: the charge and the start of what is paid for. */
    static String ofRun(ChargeRun run) {
        String hour = run.period().start().toString().substring(0, "2026-04-01T00".length());
        return escaped(run.charge().charge()) + "/" + hour + "Z";
    }

    /** {@code tokens/2026-04-01T00Z/r1/region=eu}: the run, the matrix row if there is a matrix, the values of {@code groupBy}. */
    static String ofGroup(ChargeRun run, UsageGroups.Key key) {
        StringBuilder name = new StringBuilder(ofRun(run));
        if (hasRow(run.charge(), key)) {
            name.append("/r").append(key.row());
        }
        String before = "/";
        for (Map.Entry<String, String> value : key.values().values().entrySet()) {
            name.append(before).append(escaped(value.getKey())).append('=').append(escaped(value.getValue()));
            before = ",";
        }
        return name.toString();
    }

    /** {@code model a or b, kind input, region eu}; {@code other} for the row that takes what is left. */
    static String label(Charge charge, UsageGroups.Key key) {
        List<String> words = new ArrayList<>();
        if (hasRow(charge, key)) {
            SortedMap<String, List<String>> where =
                    charge.matrix().get(key.row()).where();
            where.forEach((name, values) -> words.add(name + " " + String.join(" or ", values)));
            if (where.isEmpty() && charge.matrix().size() > 1) {
                words.add("other");
            }
        }
        key.values().values().forEach((name, value) -> words.add(value.isEmpty() ? "no " + name : name + " " + value));
        return String.join(", ", words);
    }

    /** The values that all usage of the group has in common by its definition. */
    static Dimensions dimensions(Charge charge, UsageGroups.Key key) {
        TreeMap<String, String> values = new TreeMap<>();
        if (hasRow(charge, key)) {
            charge.matrix().get(key.row()).where().forEach((name, texts) -> {
                if (texts.size() == 1) {
                    values.put(name, texts.get(0));
                }
            });
        }
        values.putAll(key.values().values());
        return Dimensions.of(values);
    }

    private static boolean hasRow(Charge charge, UsageGroups.Key key) {
        return !charge.matrix().isEmpty() && key.row() != MatrixRows.NONE;
    }

    /** Keeps the name's own separators out of what stands between them. */
    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c == '/' || c == '=' || c == ',' || c == '%') {
                escaped.append('%').append(HEX_DIGITS.charAt(c >> 4)).append(HEX_DIGITS.charAt(c & 0xF));
            } else {
                escaped.append(c);
            }
        }
        return escaped.toString();
    }
}
