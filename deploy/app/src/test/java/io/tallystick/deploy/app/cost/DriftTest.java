package io.tallystick.deploy.app.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallystick.schemas.value.Dimensions;
import java.io.StringReader;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class DriftTest {

    private static final SupplierColumns COLUMNS =
            new SupplierColumns("usage_date", "n_tokens", Map.of("model", "model_name"));
    private static final BigDecimal FIFTEEN = new BigDecimal("15");

    @Test
    void linesOfOneDayAndGroupAreOneFigure() throws Exception {
        assertThat(read("""
                usage_date,project,model_name,n_tokens
                2026-04-01,a,gpt,100.5
                2026-04-01T23:59:59Z,b,gpt,"1e3"

                2026-04-02,b,"large, new",7
                """))
                .containsExactly(
                        Map.entry(cell("2026-04-01", "gpt"), new BigDecimal("1100.5")),
                        Map.entry(cell("2026-04-02", "large, new"), new BigDecimal("7")));
    }

    @Test
    void whatIsWrongWithAFileIsSaidWithItsLine() {
        assertUnreadable("usage_date,n_tokens\n2026-04-01,1\n", "line 2 has no column 'model_name'");
        assertUnreadable("usage_date,model_name,n_tokens\n1 April,gpt,1\n", "line 2, column usage_date: '1 April'");
        assertUnreadable(
                "usage_date,model_name,n_tokens\n2026-04-01,gpt,1\n2026-04-01,gpt,much\n",
                "line 3, column n_tokens: 'much' is not a number");
        assertUnreadable("usage_date,model_name,n_tokens\n2026-04-31,gpt,1\n", "'2026-04-31' is not a day");
    }

    @Test
    void anInstantWithAnOffsetCountsOnItsUtcDay() throws Exception {
        assertThat(read("""
                usage_date,model_name,n_tokens
                2026-09-02T23:30:00-05:00,gpt,1
                2026-09-03T00:30:00+01:00,gpt,2
                """)).containsOnlyKeys(cell("2026-09-02", "gpt"), cell("2026-09-03", "gpt"));
    }

    @Test
    void aDifferenceOfExactlyTheThresholdIsNotBeyondIt() {
        assertThat(drift("100", "115").isBeyond(FIFTEEN)).isFalse();
        assertThat(drift("100", "115.000000000001").isBeyond(FIFTEEN)).isTrue();
        assertThat(drift("100", "85").isBeyond(FIFTEEN)).isFalse();
        assertThat(drift("100", "84.999999999999").isBeyond(FIFTEEN)).isTrue();
        assertThat(drift("0", "0").isBeyond(FIFTEEN)).isFalse();
        assertThat(drift("0", "0.000000000001").isBeyond(FIFTEEN)).isTrue();
        assertThat(drift("3", "3").isBeyond(BigDecimal.ZERO)).isFalse();
    }

    @Test
    void percentagesAreForPeople() {
        assertThat(drift("3", "4").percent(FIFTEEN)).contains(new BigDecimal("33.3"));
        assertThat(drift("-100", "-50").percent(FIFTEEN)).contains(new BigDecimal("50.0"));
        assertThat(drift("0", "4").percent(FIFTEEN)).isEmpty();
    }

    @Test
    void aPercentageBeyondTheThresholdDoesNotReadAsTheThreshold() {
        assertThat(drift("100", "115").percent(FIFTEEN)).contains(new BigDecimal("15.0"));
        assertThat(drift("100", "115.003").percent(FIFTEEN)).contains(new BigDecimal("15.003"));
        assertThat(drift("100", "84.96").percent(FIFTEEN)).contains(new BigDecimal("-15.04"));
        assertThat(drift("100", "114.96").percent(FIFTEEN)).contains(new BigDecimal("15.0"));
    }

    @Test
    void aByteOrderMarkIsNoPartOfTheFirstColumn() throws Exception {
        assertThat(read("\uFEFFusage_date,model_name,n_tokens\n2026-04-01,gpt,1\n"))
                .containsOnlyKeys(cell("2026-04-01", "gpt"));
    }

    @Test
    void anEmptyFileIsSaidToBeEmpty() {
        assertUnreadable("", "it is empty");
    }

    @Test
    void aColumnThatIsThereTwiceIsRefusedIfItIsAskedFor() throws Exception {
        assertUnreadable(
                "usage_date,model_name,n_tokens,n_tokens\n2026-04-01,gpt,1,2\n",
                "line 1 has the column 'n_tokens' more than once");
        assertThat(read("usage_date,note,model_name,note,n_tokens\n2026-04-01,x,gpt,y,1\n"))
                .containsOnlyKeys(cell("2026-04-01", "gpt"));
    }

    @Test
    void daysThatOnlyOneSideKnowsAreCompared() {
        SortedMap<SupplierFile.Cell, BigDecimal> supplier =
                new TreeMap<>(Map.of(cell("2026-04-01", "gpt"), BigDecimal.ONE));
        SortedMap<SupplierFile.Cell, BigDecimal> metered =
                new TreeMap<>(Map.of(cell("2026-04-02", "gpt"), BigDecimal.TEN));

        assertThat(Drift.between(supplier, metered))
                .isEqualTo(List.of(
                        new Drift(cell("2026-04-01", "gpt"), BigDecimal.ONE, BigDecimal.ZERO),
                        new Drift(cell("2026-04-02", "gpt"), BigDecimal.ZERO, BigDecimal.TEN)));
    }

    private static SortedMap<SupplierFile.Cell, BigDecimal> read(String csv) throws Exception {
        return SupplierFile.read(new StringReader(csv), COLUMNS);
    }

    private static void assertUnreadable(String csv, String message) {
        assertThatThrownBy(() -> read(csv))
                .isInstanceOf(SupplierFile.Unreadable.class)
                .hasMessageContaining(message);
    }

    private static SupplierFile.Cell cell(String day, String model) {
        return new SupplierFile.Cell(LocalDate.parse(day), Dimensions.of(Map.of("model", model)));
    }

    private static Drift drift(String supplier, String metered) {
        return new Drift(cell("2026-04-01", "gpt"), new BigDecimal(supplier), new BigDecimal(metered));
    }
}
