package io.tallystick.deploy.app.cli;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.HorizontalAlign;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Rows for people, in aligned columns. A column whose header ends in {@code >} is aligned to the right, as numbers are. */
public final class Table {

    // What producers wrote may hold a terminal's escape sequences.
    private static final Pattern CONTROL_CHARACTERS = Pattern.compile("\\p{Cntrl}");

    private final Column[] columns;
    private final List<String[]> rows = new ArrayList<>();

    public Table(String... headers) {
        columns = new Column[headers.length];
        for (int i = 0; i < headers.length; i++) {
            boolean right = headers[i].endsWith(">");
            HorizontalAlign align = right ? HorizontalAlign.RIGHT : HorizontalAlign.LEFT;
            columns[i] = new Column()
                    .header(right ? headers[i].substring(0, headers[i].length() - 1) : headers[i])
                    .headerAlign(align)
                    .dataAlign(align)
                    .maxWidth(100);
        }
    }

    public Table row(Object... cells) {
        String[] texts = new String[columns.length];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = CONTROL_CHARACTERS.matcher(String.valueOf(cells[i])).replaceAll("?");
        }
        rows.add(texts);
        return this;
    }

    public boolean isEmpty() {
        return rows.isEmpty();
    }

    @Override
    public String toString() {
        return AsciiTable.builder()
                .border(AsciiTable.BASIC_ASCII_NO_DATA_SEPARATORS)
                .data(columns, rows.toArray(String[][]::new))
                .asString();
    }
}
