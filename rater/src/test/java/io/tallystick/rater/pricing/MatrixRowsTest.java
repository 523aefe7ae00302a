package io.tallystick.rater.pricing;

import static io.tallystick.rater.pricing.Given.dimensions;
import static io.tallystick.rater.pricing.Given.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.schemas.catalog.Charge.MatrixRow;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MatrixRowsTest {

    @Test
    void mostKeysWinThenTheFirst() {
        MatrixRows rows = new MatrixRows(List.of(
                row("1"),
                row("1", "model", "a"),
                row("1", "model", "a"),
                row("1", "kind", "in", "model", "b"),
                row("1", "kind", "in")));

        assertThat(rows.of(dimensions("model", "x", "kind", "out"))).isZero();
        assertThat(rows.of(dimensions("model", "a", "kind", "out"))).isEqualTo(1);
        assertThat(rows.of(dimensions("model", "a", "kind", "in"))).isEqualTo(1);
        assertThat(rows.of(dimensions("model", "b", "kind", "in"))).isEqualTo(3);
        assertThat(rows.of(dimensions("model", "x", "kind", "in"))).isEqualTo(4);
    }

    @Test
    void amongRowsOfOtherDimensionsTheFirstWinsToo() {
        MatrixRows rows = new MatrixRows(List.of(row("1", "kind", "in"), row("1", "model", "a")));

        assertThat(rows.of(dimensions("model", "a", "kind", "in"))).isZero();
        assertThat(rows.of(dimensions("model", "a", "kind", "out"))).isEqualTo(1);
        assertThat(rows.of(dimensions("model", "b", "kind", "out"))).isEqualTo(MatrixRows.NONE);
    }

    @Test
    void aMissingValueIsMatchedByAnEmptyOne() {
        MatrixRows rows = new MatrixRows(List.of(row("1", "model", "")));

        assertThat(rows.of(dimensions("kind", "in"))).isZero();
    }

    @Test
    void aRowOfManyValuesKeepsItsPlaceAmongTheOthers() {
        String many = IntStream.range(0, 65).mapToObj(i -> "m" + i).collect(Collectors.joining("|"));
        MatrixRow wide = row("1", "model", many);
        MatrixRow narrow = row("1", "model", "m7|other");

        assertThat(new MatrixRows(List.of(wide, narrow)).of(dimensions("model", "m7")))
                .isZero();
        assertThat(new MatrixRows(List.of(wide, narrow)).of(dimensions("model", "other")))
                .isEqualTo(1);
        assertThat(new MatrixRows(List.of(narrow, wide)).of(dimensions("model", "m7")))
                .isZero();
        assertThat(new MatrixRows(List.of(narrow, wide)).of(dimensions("model", "m64")))
                .isEqualTo(1);
    }
}
