package io.tallystick.schemas.catalog;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads a charge: one of a plan's, or one that stands alone to be priced. */
public final class ChargeParser {

    static final int ROWS_MAX = 10_000;
    static final int GROUP_BY_MAX = 8;

    /** What a charge without a name is called. */
    private static final String UNNAMED = "charge";

    private ChargeParser() {}

    /**
     * A charge that was read alone.
     *
     * @param charge null when there are errors
     */
    public record Parsed(@Nullable Charge charge, List<CatalogError> errors) {}

    /**
     * Reads a charge whose name and meter may be left out.
     *
     * @param tree JDK maps, lists, texts, BigDecimals and booleans
     * @param path what error paths begin with, {@code charge} for {@code charge.tiers[1].upTo}
     */
    public static Parsed parse(@Nullable Object tree, String path) {
        CatalogErrors errors = new CatalogErrors();
        FieldReader.Reading reading = new FieldReader.Reading(errors, SupportedFeatures.THIS_BUILD);
        FieldReader fields = FieldReader.of(reading, "charge", path, tree);
        String name = fields.optionalName("charge", Names.ID).orElse(UNNAMED);
        Charge charge = parse(fields, name, false);
        List<CatalogError> found = errors.list();
        return new Parsed(found.isEmpty() ? charge : null, found);
    }

    /** Reads a charge of a plan. */
    static Charge parse(FieldReader fields) {
        return parse(fields, fields.name("charge", Names.ID), true);
    }

    private static Charge parse(FieldReader fields, String name, boolean isOfPlan) {
        String description = fields.optionalText("description").orElse("");
        String model = fields.word("model", PriceParser.MODELS);
        boolean isModelKnown = !fields.isBroken("model") && fields.has("model");
        boolean isFee = model.equals("flat");
        Optional<String> meter = fields.optionalName("meter", Names.METER);
        if (isModelKnown && !isFee && isOfPlan) {
            fields.require("meter");
        }
        SortedMap<String, List<String>> where = WhereParser.ofDimensions(fields);
        List<String> groupBy = groupBy(fields);
        List<FieldReader.Element> rows = fields.optionalList("matrix");
        Price price = Price.of(new PriceModel.Flat(BigDecimal.ZERO));
        List<Charge.MatrixRow> matrix = new ArrayList<>();
        if (isModelKnown) {
            price = PriceParser.parse(rows.isEmpty() ? fields : fields.partial(), model);
            matrix = matrix(fields, rows, model);
            if (isFee) {
                refuseUsageFields(fields);
            }
        }
        Charge.Timing timing = fields.optionalWord("timing", List.of("in_arrears", "in_advance"))
                        .filter("in_advance"::equals)
                        .isPresent()
                ? Charge.Timing.IN_ADVANCE
                : Charge.Timing.IN_ARREARS;
        boolean prorate = fields.flag("prorate");
        if (isModelKnown && !isFee) {
            if (timing == Charge.Timing.IN_ADVANCE) {
                fields.error("timing", "only a flat fee can be due in advance: usage is known afterwards");
            }
            if (prorate) {
                fields.error("prorate", "only a flat fee is prorated");
            }
        }
        if (!isModelKnown) {
            fields.know(PriceParser.FIELDS);
        }
        fields.close();
        return new Charge(name, description, meter.orElse(null), price, where, groupBy, matrix, timing, prorate);
    }

    private static void refuseUsageFields(FieldReader fields) {
        for (String name : List.of("meter", "where", "groupBy", "matrix")) {
            if (fields.has(name)) {
                fields.error(name, "a flat charge is a fee whatever the usage and takes no " + name);
            }
        }
    }

    private static List<String> groupBy(FieldReader fields) {
        Set<String> names = new LinkedHashSet<>();
        for (FieldReader.Element element : fields.optionalList("groupBy")) {
            CatalogErrors errors = fields.reading().errors();
            if (!(element.tree() instanceof String name)) {
                errors.add(
                        element.path(),
                        "expected a dimension's name but found " + FieldReader.describe(element.tree()));
            } else if (!names.add(name)) {
                errors.add(element.path(), FieldReader.describe(name) + " stands here twice");
            }
        }
        if (names.size() > GROUP_BY_MAX) {
            fields.error("groupBy", "at most " + GROUP_BY_MAX + " dimensions");
        }
        return List.copyOf(names);
    }

    private static List<Charge.MatrixRow> matrix(FieldReader charge, List<FieldReader.Element> rows, String model) {
        if (rows.isEmpty() && charge.value("matrix") instanceof List<?> list && list.isEmpty()) {
            charge.error("matrix", "has no row; leave it out to price all usage alike");
        }
        if (rows.size() > ROWS_MAX) {
            charge.error("matrix", "has " + rows.size() + " rows; at most " + ROWS_MAX);
            return List.of();
        }
        List<Charge.MatrixRow> matrix = new ArrayList<>(rows.size());
        for (FieldReader.Element element : rows) {
            SortedMap<String, List<String>> where = where(charge.reading(), element);
            FieldReader row = charge.withRow("matrix row", element.path(), element.tree());
            row.value("where");
            Price price = PriceParser.parse(row, model);
            row.close();
            matrix.add(new Charge.MatrixRow(where, price));
        }
        return matrix;
    }

    /** A row's own conditions; those of the charge stand in front of all rows. */
    private static SortedMap<String, List<String>> where(FieldReader.Reading reading, FieldReader.Element element) {
        return element.tree() instanceof Map<?, ?>
                ? WhereParser.ofDimensions(FieldReader.of(reading, "matrix row", element.path(), element.tree()))
                : new TreeMap<>();
    }
}
