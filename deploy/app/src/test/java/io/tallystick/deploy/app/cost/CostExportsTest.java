package io.tallystick.deploy.app.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CostExportsTest {

    @Test
    void anExportSaysWhereItsFileOfADayIsAndWhatItIsComparedWith() throws IOException {
        CostExport export = read("""
                exports:
                  - {supplier: openai, meter: tokens, file: "/exports/{day}/usage-{day}.csv", dayColumn: date, quantityColumn: n,
                     dimensions: {model: model_name}, threshold: "2.5", after: PT30M}
                """).get(0);

        assertThat(export.fileOf(LocalDate.parse("2026-04-01")))
                .isEqualTo(Path.of("/exports/2026-04-01/usage-2026-04-01.csv"));
        assertThat(export.dueAt(LocalDate.parse("2026-04-01"))).isEqualTo(Instant.parse("2026-04-02T00:30:00Z"));
        assertThat(export.threshold()).isEqualByComparingTo(new BigDecimal("2.5"));
        assertThat(export.columns()).isEqualTo(new SupplierColumns("date", "n", Map.of("model", "model_name")));
    }

    @Test
    void whatIsLeftOutHasDefaults() throws IOException {
        CostExport export = read("exports: [{meter: tokens, file: usage.csv}]").get(0);

        assertThat(export.threshold()).isEqualByComparingTo("15");
        assertThat(export.after()).isEqualTo(Duration.ofHours(6));
        assertThat(export.columns()).isEqualTo(new SupplierColumns("day", "quantity", Map.of()));
    }

    @Test
    void everyErrorIsToldWithItsPath() {
        assertThatThrownBy(() -> read("""
                        exports:
                          - {meter: tokens, threshold: "-1", after: soon, colour: red}
                          - {meter: tokens, file: a.csv, dimensions: [model]}
                        """))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("exports[0].colour: is none of")
                .hasMessageContaining("exports[0].file: is missing")
                .hasMessageContaining("exports[0].threshold: is a percentage")
                .hasMessageContaining("exports[0].after: is a duration")
                .hasMessageContaining("exports[1].dimensions: is an object")
                .hasMessageContaining("exports[1].meter: tokens is compared with another export already");
    }

    @Test
    void aFileWithoutExportsIsRefused() {
        for (String text : List.of("", "exports: []", "exports: {}", "[]", "exports: [{meter: a, file: b}]\nmore: 1")) {
            assertThatThrownBy(() -> read(text)).as(text).isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static List<CostExport> read(String yaml) throws IOException {
        return CostExports.read(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)));
    }
}
