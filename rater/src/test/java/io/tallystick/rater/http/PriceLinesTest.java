package io.tallystick.rater.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PriceLinesTest {

    private static final JsonMapper JSON = new JsonMapper();

    @Test
    void everyPublishedCaseGivesThePublishedAmount() throws IOException {
        List<String> cases = cases();

        List<String> different = new ArrayList<>();
        for (String line : cases) {
            JsonNode request = JSON.readTree(line);
            JsonNode answer = answer(line);
            String expected = request.at("/expected/amount").asText();
            if (!expected.equals(answer.path("amount").asText())
                    || !request.path("id").equals(answer.path("id"))) {
                different.add(line + " -> " + answer);
            }
        }

        assertThat(cases).hasSize(79);
        assertThat(different).isEmpty();
    }

    @Test
    void theLinesAddUpToTheAmount() throws IOException {
        for (String line : cases()) {
            JsonNode answer = answer(line);
            BigDecimal sum = BigDecimal.ZERO;
            for (JsonNode item : answer.path("lines")) {
                sum = sum.add(new BigDecimal(item.path("amount").asText()));
            }

            assertThat(sum).as(line).isEqualByComparingTo(answer.path("amount").asText());
        }
    }

    @Test
    void anAnswerShowsHowItCameAbout() {
        assertThat(PriceLines.answer(
                        "{\"id\":\"a\",\"currency\":\"USD\",\"charge\":{\"model\":\"unit\",\"unitPrice\":\"0.0020\","
                                + "\"included\":\"20000\",\"minimum\":\"12\"},\"quantity\":\"25000\",\"more\":1}"))
                .isEqualTo("{\"id\":\"a\",\"amount\":\"12.00\",\"exact\":\"10\",\"lines\":["
                        + "{\"charge\":\"charge\",\"kind\":\"usage\",\"description\":\"charge\",\"dimensions\":{},"
                        + "\"metered\":\"25000\",\"quantity\":\"25000\",\"included\":\"20000\",\"billable\":\"5000\","
                        + "\"unitPrice\":\"0.0020\",\"amount\":\"10.00\",\"tiers\":[{\"upTo\":null,"
                        + "\"quantity\":\"5000\",\"unitPrice\":\"0.0020\",\"flat\":\"0\",\"amount\":\"10.00\"}]},"
                        + "{\"charge\":\"charge\",\"kind\":\"true_up\",\"description\":\"charge, minimum\","
                        + "\"dimensions\":{},\"amount\":\"2.00\"}]}");
    }

    @Test
    void exactIsShownToTwelveDecimalsWhereItDoesNotEnd() {
        assertThat(answer(
                                "{\"currency\":\"USD\",\"charge\":{\"model\":\"unit\",\"unitPrice\":\"1\",\"divideBy\":\"3\"},"
                                        + "\"quantity\":\"2\"}")
                        .path("exact")
                        .asText())
                .isEqualTo("0.666666666667");
    }

    @Test
    void aLineThatIsNotJsonIsAnsweredAndTheNextGoesOn() {
        String answers = PriceLines.answerAll(
                "{\"id\":\n\n{\"id\":7,\"currency\":\"JPY\",\"charge\":{\"model\":\"flat\",\"amount\":\"1.5\"}}\n");

        assertThat(answers.lines()).hasSize(2);
        assertThat(answers.lines().findFirst().orElseThrow()).startsWith("{\"id\":null,\"error\":{\"path\":\"\",");
        assertThat(answers.lines().skip(1).findFirst().orElseThrow()).startsWith("{\"id\":7,\"amount\":\"2\",");
    }

    @Test
    void aRequestOverSeveralLinesIsTakenWhole() {
        assertThat(PriceLines.answerAll(
                        "{\"currency\":\"USD\",\n\"charge\":{\"model\":\"flat\",\n\"amount\":\"1.5\"}}"))
                .startsWith("{\"id\":null,\"amount\":\"1.50\",");
        assertThat(PriceLines.answerAll(" \n")).isEmpty();
    }

    @Test
    void whatIsWrongIsNamedByItsPath() {
        String unit = "\"charge\":{\"model\":\"unit\",\"unitPrice\":\"1\"}";

        assertThat(errorPath("[]")).isEmpty();
        assertThat(errorPath("{" + unit + ",\"quantity\":\"1\"}")).isEqualTo("currency");
        assertThat(errorPath("{\"currency\":\"usd\"," + unit + ",\"quantity\":\"1\"}"))
                .isEqualTo("currency");
        assertThat(errorPath("{\"currency\":\"USD\"," + unit + "}")).isEqualTo("quantity");
        assertThat(errorPath("{\"currency\":\"USD\"," + unit + ",\"quantity\":\"x\"}"))
                .isEqualTo("quantity");
        assertThat(errorPath("{\"currency\":\"USD\"," + unit + ",\"quantity\":\"1\",\"events\":[]}"))
                .isEqualTo("events");
        assertThat(errorPath("{\"currency\":\"USD\"," + unit + ",\"events\":[\"1\",null]}"))
                .isEqualTo("events[1]");
        assertThat(errorPath("{\"currency\":\"USD\"," + unit + ",\"events\":{}}"))
                .isEqualTo("events");
        assertThat(errorPath("{\"currency\":\"USD\",\"quantity\":\"1\",\"charge\":{\"model\":\"unit\"}}"))
                .isEqualTo("charge.unitPrice");
        assertThat(errorPath("{\"currency\":\"USD\",\"quantity\":\"1\",\"charge\":{\"model\":\"graduated\",\"tiers\":["
                        + "{\"upTo\":\"5\",\"unitPrice\":\"1\"},{\"upTo\":\"6\",\"unitPrice\":\"1\"}]}}"))
                .isEqualTo("charge.tiers[1].upTo");
    }

    @Test
    void numbersMayBeJsonNumbersAndKeepEveryDigit() {
        assertThat(answer("{\"currency\":\"USD\",\"charge\":{\"model\":\"unit\",\"unitPrice\":1},"
                                + "\"quantity\":123456789012345678901234567890.12}")
                        .path("amount")
                        .asText())
                .isEqualTo("123456789012345678901234567890.12");
    }

    @Test
    void aPercentageWithOnlyAQuantityTakesItAsOneEvent() {
        assertThat(answer(
                                "{\"currency\":\"USD\",\"charge\":{\"model\":\"percentage\",\"rate\":\"1\",\"fixed\":\"0.30\"},"
                                        + "\"quantity\":\"100\"}")
                        .path("amount")
                        .asText())
                .isEqualTo("1.30");
    }

    private static String errorPath(String line) {
        return answer(line).path("error").path("path").asText("no error");
    }

    private static JsonNode answer(String line) {
        try {
            return JSON.readTree(PriceLines.answer(line));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> cases() throws IOException {
        try (InputStream cases = PriceLinesTest.class.getResourceAsStream("pricing.jsonl")) {
            return new String(cases.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }
    }
}
