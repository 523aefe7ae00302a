package io.tallystick.schemas.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.schemas.catalog.CatalogDocument;
import io.tallystick.schemas.catalog.CatalogError;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class CatalogDocumentsTest {

    private static List<CatalogDocument> read(String text) {
        return CatalogDocuments.read(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Object tree(String text) {
        List<CatalogDocument> documents = read(text);
        assertThat(documents).hasSize(1);
        assertThat(documents.get(0).error()).isNull();
        return documents.get(0).tree();
    }

    private static Object value(String yaml) {
        return ((Map<?, ?>) tree("a: " + yaml)).get("a");
    }

    private static CatalogError error(String text) {
        List<CatalogDocument> documents = read(text);
        assertThat(documents).hasSize(1);
        assertThat(documents.get(0).tree()).isNull();
        return documents.get(0).error();
    }

    @ParameterizedTest
    @CsvSource({
        "0.0020, 0.0020",
        "10.00, 10.00",
        "-1, -1",
        "1e3, 1000",
        "1.5E-2, 0.015",
        "123456789012345678901234567890.123456789012, 123456789012345678901234567890.123456789012"
    })
    void aNumberIsWhatWasWritten(String written, String number) {
        assertThat(value(written)).isEqualTo(new BigDecimal(number));
        assertThat(tree("[" + written + "]")).isEqualTo(List.of(new BigDecimal(number)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ".nan",
                ".inf",
                "-.inf",
                "0x1F",
                "007",
                "+5",
                ".5",
                "5.",
                "1_000",
                "1:30",
                "0o14",
                "NaN",
                "1e999999999"
            })
    void whatJsonWouldNotCallANumberIsText(String written) {
        assertThat(value(written)).isEqualTo(written);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no",
                "yes",
                "on",
                "off",
                "y",
                "n",
                "2026-04-01",
                "2026-04-01T00:00:00Z",
                "\"12\"",
                "'true'",
                "!!str 12",
                "! 12"
            })
    void whatOnlyOldYamlResolvesIsText(String written) {
        assertThat(value(written)).isEqualTo(written.replaceAll("^!\\S* |[\"']", ""));
    }

    @Test
    void nothingAndNullAreNullButAnEmptyTextIsNot() {
        Map<String, Object> expected = new HashMap<>(Map.of("e", ""));
        for (String name : List.of("a", "b", "c", "d", "f")) {
            expected.put(name, null);
        }

        assertThat(tree("{a: , b: ~, c: null, d: NULL, e: '', f: !!null ''}")).isEqualTo(expected);
        assertThat(value("")).isNull();
    }

    @Test
    void booleansAreTrueAndFalse() {
        assertThat(value("[true, True, TRUE, false, False, FALSE]"))
                .isEqualTo(List.of(true, true, true, false, false, false));
    }

    @Test
    void keysAreTextWhateverTheyLookLike() {
        assertThat(tree("{1: a, true: b, null: c, 0.10: d}"))
                .isEqualTo(Map.of("1", "a", "true", "b", "null", "c", "0.10", "d"));
    }

    @Test
    void documentsOfOneTextAreNumberedInPathsOnlyWhereThereAreSeveral() {
        assertThat(read("a: 1")).containsExactly(CatalogDocument.of(Map.of("a", BigDecimal.ONE)));
        assertThat(read("a: 1\n---\nb: x\n...\n"))
                .containsExactly(
                        new CatalogDocument("document 1: ", Map.of("a", BigDecimal.ONE), null),
                        new CatalogDocument("document 2: ", Map.of("b", "x"), null));
        assertThat(read("{\"a\":\"1\"}\n{\"b\":\"x\"}"))
                .containsExactly(
                        new CatalogDocument("document 1: ", Map.of("a", "1"), null),
                        new CatalogDocument("document 2: ", Map.of("b", "x"), null));
        assertThat(read("")).isEmpty();
    }

    @Test
    void textsAreNamedInPathsOnlyWhereThereAreSeveral() {
        byte[] bytes = "a: b".getBytes(StandardCharsets.UTF_8);
        byte[] broken = "a: [".getBytes(StandardCharsets.UTF_8);

        assertThat(CatalogDocuments.read(List.of(new CatalogDocuments.Source("one.yaml", bytes))))
                .containsExactly(CatalogDocument.of(Map.of("a", "b")));
        List<CatalogDocument> both = CatalogDocuments.read(List.of(
                new CatalogDocuments.Source("one.yaml", bytes), new CatalogDocuments.Source("two.yaml", broken)));
        assertThat(both.get(0)).isEqualTo(new CatalogDocument("one.yaml: ", Map.of("a", "b"), null));
        assertThat(both.get(1).error().path()).startsWith("two.yaml: line 1, column ");
    }

    @Test
    void aByteOrderMarkIsSkippedAndOtherEncodingsAreRefused() {
        assertThat(tree("\ufeffa: b")).isEqualTo(Map.of("a", "b"));
        assertThat(CatalogDocuments.read("a: \u00fc".getBytes(StandardCharsets.ISO_8859_1))
                        .get(0)
                        .error())
                .isEqualTo(new CatalogError("line 1, column 1", "the text is not UTF-8"));
    }

    @Test
    void jsonMayBeIndentedByTabsAndYamlMayNot() {
        assertThat(tree("{\n\t\"a\": [\n\t\t1.50\n\t]\n}")).isEqualTo(Map.of("a", List.of(new BigDecimal("1.50"))));
        assertThat(error("a:\n\t- b"))
                .isEqualTo(new CatalogError(
                        "line 2, column 1",
                        "while scanning for the next token: found character '\\t(TAB)' that cannot start any token. "
                                + "(Do not use \\t(TAB) for indentation)"));
    }

    @Test
    void yamlThatLooksLikeJsonIsTaken() {
        assertThat(tree("{a: [b, c,], # comment\n 'd': e}")).isEqualTo(Map.of("a", List.of("b", "c"), "d", "e"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a: [1 | line 1, column 6",
                "a: b: c | line 1, column 5",
                "a: 'x | line 1, column 6",
                "{\"a\": 1, \"b\" 2} | line 1, column 14",
                "{\"a\": 1 | line 1, column 8",
                "a: @x | line 1, column 4"
            })
    void aSyntaxErrorHasItsPlaceAndOneLine(String text, String place) {
        assertThat(error(text.strip()).path()).isEqualTo(place);
        assertThat(error(text.strip()).message()).isNotBlank().doesNotContain("\n");
    }

    @Test
    void aFieldThatStandsTwiceIsRefused() {
        assertThat(error("a: 1\nb: 2\na: 3"))
                .isEqualTo(new CatalogError("line 3, column 1", "the field \"a\" stands here twice"));
        assertThat(error("{\"x\": {\"a\": 1,\n \"a\": 2}}"))
                .isEqualTo(new CatalogError("line 2, column 2", "the field \"a\" stands here twice"));
    }

    @Test
    void keysThatAreNoTextAreRefused() {
        assertThat(error("? [a, b]\n: c").message())
                .isEqualTo("a field's name is text, not a list, an object or an alias");
        assertThat(error("a: [x]\n{a: b}: c").message())
                .isEqualTo("a field's name is text, not a list, an object or an alias");
    }

    @Test
    void tagsThatWouldMakeSomethingElseAreRefused() {
        assertThat(error("a: !!java.net.URL [x]").message()).isEqualTo("the tag !!java.net.URL means nothing here");
        assertThat(error("a: !!binary aGk=").message()).isEqualTo("the tag !!binary means nothing here");
        assertThat(error("a: !secret x").message()).isEqualTo("the tag !secret means nothing here");
        assertThat(tree("a: !!map {b: !!int 1}")).isEqualTo(Map.of("a", Map.of("b", BigDecimal.ONE)));
    }

    @Test
    void aliasesStandForWhatTheyName() {
        assertThat(tree("a: &x {m: 1}\nb: *x"))
                .isEqualTo(Map.of("a", Map.of("m", BigDecimal.ONE), "b", Map.of("m", BigDecimal.ONE)));
        assertThat(error("a: *x").message()).isEqualTo("*x names nothing in front of it in this document");
        assertThat(error("a: &x [*x]").message()).isEqualTo("*x names nothing in front of it in this document");
        assertThat(read("a: &x 1\n---\nb: *x").get(0).error().message())
                .isEqualTo("*x names nothing in front of it in this document");
    }

    @Test
    void mergeKeysFillInWhatTheObjectDoesNotSay() {
        assertThat(tree("a: &x {m: one, n: two}\nb: {<<: *x, n: three}\nc: {<<: [{n: four}, *x]}"))
                .isEqualTo(Map.of(
                        "a", Map.of("m", "one", "n", "two"),
                        "b", Map.of("m", "one", "n", "three"),
                        "c", Map.of("m", "one", "n", "four")));
        assertThat(error("a: {<<: x}").message()).isEqualTo("<< takes an object or a list of objects");
    }

    @Test
    void nestingIsTakenToItsLimitAndNotFurther() {
        int max = TreeLimits.DEPTH_MAX;

        assertThat(read("[".repeat(max) + "]".repeat(max)).get(0).error()).isNull();
        assertThat(error("[".repeat(max + 1) + "]".repeat(max + 1)))
                .isEqualTo(new CatalogError("line 1, column " + (max + 1), "nested deeper than 32 levels"));
        assertThat(error("a: " + "[".repeat(200_000)).message()).isEqualTo("nested deeper than 32 levels");
        assertThat(error("[".repeat(200_000)).message()).isEqualTo("nested deeper than 32 levels");
        assertThat(error("- ".repeat(200_000) + "a").message()).isEqualTo("nested deeper than 32 levels");
    }

    @Test
    void aliasesDoNotNestPastTheLimitEither() {
        String twentyDeep = "a: &a " + "[".repeat(20) + "]".repeat(20);

        assertThat(read(twentyDeep + "\nb: " + "[".repeat(11) + "*a" + "]".repeat(11))
                        .get(0)
                        .error())
                .isNull();
        assertThat(error(twentyDeep + "\nb: " + "[".repeat(12) + "*a" + "]".repeat(12))
                        .message())
                .isEqualTo("nested deeper than 32 levels");
    }

    @Test
    void anAliasBombIsRefusedAtOnce() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 10; i++) {
            String alias = "*a" + (i - 1);
            bomb.append("a")
                    .append(i)
                    .append(": &a")
                    .append(i)
                    .append(" [")
                    .append(String.join(", ", Collections.nCopies(10, alias)))
                    .append("]\n");
        }
        long start = System.nanoTime();

        CatalogError error = error(bomb.toString());

        assertThat(error.message()).isEqualTo("the document unfolds into more than 2000000 values");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"? ", "a: {", "&a ", "!x ", "- ? ", "[,", "\"", "'", "|\n", "# ", "%x ", "*", ": ", "{? "})
    void longNonsenseIsRefusedFast(String piece) {
        long start = System.nanoTime();

        read(piece.repeat(100_000));

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void aTextIsTakenToItsSizeLimitAndNotFurther() {
        String text = "a: '" + "x".repeat(CatalogDocuments.SOURCE_BYTES_MAX - 5) + "'";

        assertThat(read(text).get(0).error()).isNull();
        assertThat(error(text + " "))
                .isEqualTo(new CatalogError("", "a catalogue is at most 4194304 bytes, this is 4194305"));
    }

    @Test
    void halfASurrogatePairIsRefused() {
        assertThat(error("{\"a\": \"\\ud83d\"}").message()).isEqualTo("half a surrogate pair is no text");
        assertThat(tree("{\"a\": \"\\ud83d\\ude00\"}")).isEqualTo(Map.of("a", "\ud83d\ude00"));
    }

    @Test
    void oneJsonValueIsReadStrictly() {
        assertThat(CatalogDocuments.json(" {\"a\": [1.10, null]} ").tree())
                .isEqualTo(Map.of("a", new ArrayList<>(Arrays.asList(new BigDecimal("1.10"), null))));
        assertThat(CatalogDocuments.json("{a: 1}").error()).isNotNull();
        assertThat(CatalogDocuments.json("{} {}").error())
                .isEqualTo(new CatalogError("", "expected one JSON value but found 2"));
        assertThat(CatalogDocuments.json("").error())
                .isEqualTo(new CatalogError("", "expected one JSON value but found 0"));
        assertThat(CatalogDocuments.json("{\"a\":NaN}").error().path()).isEqualTo("line 1, column 9");
    }
}
