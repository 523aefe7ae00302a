package io.tallystick.schemas.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DataPathTest {

    @Test
    void stepsAreMembersAndIndices() {
        assertThat(DataPath.parse("$").steps()).isEmpty();
        assertThat(DataPath.parse("$.usage['a b'][0].x-y_1[\"q\"]").steps())
                .containsExactly(
                        new DataPath.Member("usage"),
                        new DataPath.Member("a b"),
                        new DataPath.Index(0),
                        new DataPath.Member("x-y_1"),
                        new DataPath.Member("q"));
        assertThat(DataPath.parse("$[ 'a' ][ 12 ]").steps())
                .containsExactly(new DataPath.Member("a"), new DataPath.Index(12));
        assertThat(DataPath.parse("$.größe").steps()).containsExactly(new DataPath.Member("größe"));
    }

    @Test
    void quotedNamesTakeTheEscapesOfTheStandard() {
        assertThat(DataPath.parse("$['it\\'s \\\\ \\n \\u00e9 \\ud83d\\ude00 \"']")
                        .steps())
                .containsExactly(new DataPath.Member("it's \\ \n é \ud83d\ude00 \""));
        assertThat(DataPath.parse("$[\"'\\\"\"]").steps()).containsExactly(new DataPath.Member("'\""));
    }

    @Test
    void pathsToTheSamePlaceAreEqualHoweverWritten() {
        assertThat(DataPath.parse("$['a'].b"))
                .isEqualTo(DataPath.parse("$.a[\"b\"]"))
                .hasSameHashCodeAs(DataPath.parse("$.a.b"))
                .isEqualByComparingTo(DataPath.parse("$.a.b"))
                .isNotEqualTo(DataPath.parse("$.b.a"));
        assertThat(DataPath.parse("$[1]")).isNotEqualTo(DataPath.parse("$['1']"));
    }

    @ParameterizedTest
    @CsvSource({
        "$['a'], $.a",
        "$.a-b, $.a-b",
        "\"$['a b']\", $['a b']",
        "\"$['1a']\", $['1a']",
        "\"$['-']\", $['-']",
        "$[''], $['']",
        "$[\"it's\"], $['it\\'s']",
        "$[0][1].a, $[0][1].a"
    })
    void theTextIsTheShortestThatReadsBackAsTheSame(String written, String text) {
        String path = written.replaceAll("^\"|\"$", "");

        assertThat(DataPath.parse(path).text()).isEqualTo(text);
        assertThat(DataPath.parse(text)).isEqualTo(DataPath.parse(path));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "$.* | a wildcard (*) could name several places",
                "$[*] | a wildcard (*) could name several places",
                "$..a | descendants (..) could name several places",
                "$[?@.a] | a filter (?) could name several places",
                "$[1:2] | a slice (:) could name several places",
                "$[:2] | a slice (:) could name several places",
                "$[-1] | a negative index counts from an end that moves",
                "$['a','b'] | several names or indices (,) name several places",
                "$[0,1] | several names or indices (,) name several places",
                "a.b | a path begins with $, as in $.a.b",
                "$a | unexpected 'a' at character 2",
                "$. | a name is missing after the dot at character 2",
                "$.a. | a name is missing after the dot at character 4",
                "$.5xx | a name after a dot does not begin with '5'",
                "$[] | a quoted name or an index is missing after the bracket at character 2",
                "$[a] | a quoted name or an index is missing after the bracket at character 2",
                "$['a' | a ] is missing at character 6",
                "$['a | the quote is not closed",
                "$['\\x'] | unknown escape \\x",
                "$['\\u12'] | \\u takes four hexadecimal digits",
                "$['\\ud83d'] | half a surrogate pair is no text",
                "$[01] | 01 is no index",
                "$[1234567890] | 1234567890 is no index",
                "$.a b | unexpected ' ' at character 4"
            })
    void whatIsNotTakenIsExplained(String written, String why) {
        assertThatThrownBy(() -> DataPath.parse(written))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(why);
    }

    @ParameterizedTest
    @ValueSource(strings = {"$.*", "$[-1]", "$['a'"})
    void whatIsTakenIsSaid(String written) {
        assertThatThrownBy(() -> DataPath.parse(written))
                .hasMessageEndingWith("taken are members and indices that name one place: $.a.b, $['a b'], $.a[0]");
    }

    @Test
    void pathsAreTakenToTheirLimitsAndNotFurther() {
        assertThat(DataPath.parse("$" + ".a".repeat(DataPathParser.STEPS_MAX)).steps())
                .hasSize(DataPathParser.STEPS_MAX);
        assertThatThrownBy(() -> DataPath.parse("$" + ".a".repeat(DataPathParser.STEPS_MAX + 1)))
                .hasMessage("a path is at most 32 steps deep");
        assertThat(DataPath.parse("$." + "a".repeat(DataPathParser.LENGTH_MAX - 2))
                        .steps())
                .hasSize(1);
        assertThatThrownBy(() -> DataPath.parse("$." + "a".repeat(DataPathParser.LENGTH_MAX - 1)))
                .hasMessage("a path is at most 512 characters");
    }

    @Test
    void aMembersNameIsAPathOfOneStep() {
        assertThat(DataPath.ofMember("a b")).isEqualTo(DataPath.parse("$['a b']"));
        assertThat(DataPath.of(List.of()).text()).isEqualTo("$");
    }
}
