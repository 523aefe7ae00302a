package io.tallystick.deploy.app.cost;

import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import io.tallystick.schemas.value.DecimalText;
import io.tallystick.schemas.value.Dimensions;
import io.tallystick.schemas.value.InstantText;
import java.io.IOException;
import java.io.PushbackReader;
import java.io.Reader;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** A supplier's own export of what was used: CSV with a header line. Lines of one day and one group are summed up. */
public final class SupplierFile {

    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private SupplierFile() {}

    /** One day and the values of the dimensions that are told apart. */
    public record Cell(LocalDate day, Dimensions group) implements Comparable<Cell> {
        @Override
        public int compareTo(Cell other) {
            int byDay = day.compareTo(other.day);
            return byDay != 0 ? byDay : group.compareTo(other.group);
        }
    }

    /**
     * Reads all of it.
     *
     * @throws Unreadable saying the line and what is wrong with it
     * @throws IOException when the reader fails
     */
    public static SortedMap<Cell, BigDecimal> read(Reader file, SupplierColumns columns)
            throws IOException, Unreadable {
        SortedMap<Cell, BigDecimal> used = new TreeMap<>();
        PushbackReader text = new PushbackReader(file);
        skipByteOrderMark(text);
        CsvSchema header = CsvSchema.emptySchema().withHeader();
        try (MappingIterator<Map<String, String>> lines = new CsvMapper()
                .enable(CsvParser.Feature.TRIM_SPACES)
                .enable(CsvParser.Feature.SKIP_EMPTY_LINES)
                .readerForMapOf(String.class)
                .with(header)
                .readValues(text)) {
            boolean isHeader = true;
            while (lines.hasNextValue()) {
                if (isHeader) {
                    requireOneOfEach(columns, (CsvSchema) lines.getParserSchema());
                    isHeader = false;
                }
                Map<String, String> line = lines.nextValue();
                long number = lines.getCurrentLocation().getLineNr() - 1L;
                Cell cell = new Cell(day(line, columns.day(), number), group(line, columns, number));
                used.merge(cell, quantity(line, columns.quantity(), number), BigDecimal::add);
            }
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new Unreadable("line " + e.getLocation().getLineNr() + " is not CSV: " + e.getOriginalMessage());
        }
        return used;
    }

    private static void skipByteOrderMark(PushbackReader text) throws IOException, Unreadable {
        int first = text.read();
        if (first < 0) {
            throw new Unreadable("it is empty: its first line has to name the columns");
        }
        if (first != BYTE_ORDER_MARK) {
            text.unread(first);
        }
    }

    /** Of two columns of one name nobody can say which one is meant; those that nobody asks for may be there twice. */
    private static void requireOneOfEach(SupplierColumns columns, CsvSchema header) throws Unreadable {
        Set<String> asked = new HashSet<>(columns.dimensions().values());
        asked.add(columns.day());
        asked.add(columns.quantity());
        Set<String> seen = new HashSet<>();
        for (CsvSchema.Column column : header) {
            if (!seen.add(column.getName()) && asked.contains(column.getName())) {
                throw new Unreadable("line 1 has the column '" + column.getName() + "' more than once");
            }
        }
    }

    private static LocalDate day(Map<String, String> line, String column, long number) throws Unreadable {
        String text = value(line, column, number);
        try {
            return InstantText.parse(text)
                    .map(instant -> LocalDate.ofInstant(instant, ZoneOffset.UTC))
                    .orElseGet(() -> LocalDate.parse(text));
        } catch (DateTimeException e) {
            throw new Unreadable(
                    "line " + number + ", column " + column + ": '" + text + "' is not a day such as 2026-04-01");
        }
    }

    private static BigDecimal quantity(Map<String, String> line, String column, long number) throws Unreadable {
        String text = value(line, column, number);
        Optional<BigDecimal> quantity = DecimalText.parse(text);
        if (quantity.isEmpty()) {
            throw new Unreadable("line " + number + ", column " + column + ": '" + text + "' is not a number");
        }
        return quantity.get();
    }

    private static Dimensions group(Map<String, String> line, SupplierColumns columns, long number) throws Unreadable {
        Map<String, String> group = new LinkedHashMap<>();
        for (Map.Entry<String, String> dimension : columns.dimensions().entrySet()) {
            group.put(dimension.getKey(), value(line, dimension.getValue(), number));
        }
        return Dimensions.of(group);
    }

    private static String value(Map<String, String> line, String column, long number) throws Unreadable {
        String value = line.get(column);
        if (value == null) {
            throw new Unreadable(
                    "line " + number + " has no column '" + column + "', but " + String.join(", ", line.keySet()));
        }
        return value;
    }

    /** A file that is not what it should be. */
    public static final class Unreadable extends Exception {

        private static final long serialVersionUID = 1L;

        Unreadable(String message) {
            super(message);
        }
    }
}
