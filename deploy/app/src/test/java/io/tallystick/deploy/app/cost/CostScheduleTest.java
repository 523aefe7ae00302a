package io.tallystick.deploy.app.cost;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.schemas.event.Alert;
import io.tallystick.schemas.value.Dimensions;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CostScheduleTest {

    private static final LocalDate DAY = LocalDate.parse("2026-04-01");
    private static final Instant DUE = Instant.parse("2026-04-02T06:00:00Z");

    @TempDir
    private Path directory;

    private final List<Alert> told = new ArrayList<>();
    private final List<LocalDate> compared = new ArrayList<>();
    private final SortedMap<SupplierFile.Cell, BigDecimal> metered = new TreeMap<>();
    private Instant now = DUE;
    private boolean isDown;

    @Test
    void aFigureThatIsTooFarOffIsToldOnceInTheNightBehindItsDay() throws IOException {
        supplierSays("large", "100");
        metered("large", "84");
        CostSchedule schedule = schedule();

        now = DUE.minusMillis(1);
        schedule.look();
        assertThat(ofDay()).isEmpty();
        now = DUE;
        schedule.look();
        schedule.look();

        assertThat(ofDay()).singleElement().satisfies(alert -> {
            assertThat(alert.kind()).isEqualTo(Alert.Kind.COST_DRIFT);
            assertThat(alert.tenant()).isEmpty();
            assertThat(alert.meter()).isEqualTo("tokens");
            assertThat(alert.dimensions()).isEqualTo(Dimensions.of(Map.of("model", "large")));
            assertThat(alert.period().start()).isEqualTo(Instant.parse("2026-04-01T00:00:00Z"));
            assertThat(alert.period().end()).isEqualTo(Instant.parse("2026-04-02T00:00:00Z"));
            assertThat(alert.before()).isEqualByComparingTo("100");
            assertThat(alert.after()).isEqualByComparingTo("84");
            assertThat(alert.message()).contains("openai says 100 for 2026-04-01, metered are 84: off by -16.0 %");
        });
        assertThat(compared).containsOnlyOnce(DAY);
    }

    @Test
    void theSameFiguresGiveTheSameAlertWhoeverComparesAndWhen() throws IOException {
        supplierSays("large", "100");
        metered("large", "84");

        schedule().look();
        now = DUE.plusSeconds(3_000);
        schedule().look();

        assertThat(ofDay()).hasSize(2);
        assertThat(ofDay().get(0)).isEqualTo(ofDay().get(1));
    }

    @Test
    void exactlyTheThresholdIsWithinIt() throws IOException {
        supplierSays("large", "100");
        metered("large", "85");

        schedule().look();

        assertThat(compared).contains(DAY);
        assertThat(told).isEmpty();
    }

    @Test
    void figuresThatAreLateAreComparedWhenTheyComeAndPeopleAreToldAfterADay() throws IOException {
        metered("large", "84");
        CostSchedule schedule = schedule();

        now = DUE.plus(CostSchedule.LATE_MAX);
        schedule.look();
        assertThat(ofDay()).isEmpty();
        now = now.plusMillis(1);
        schedule.look();
        assertThat(ofDay()).extracting(Alert::kind).containsExactly(Alert.Kind.COST_UNCHECKED);
        assertThat(ofDay().get(0).message()).contains("there is no file").contains("2026-04-01.csv");

        supplierSays("large", "100");
        schedule.look();
        assertThat(ofDay()).extracting(Alert::kind).contains(Alert.Kind.COST_DRIFT);
    }

    @Test
    void ofDaysLongBeforeNobodyIsToldThatTheirFiguresAreMissing() {
        now = DUE.plus(CostSchedule.LATE_MAX).plus(CostSchedule.LATE_MAX);

        schedule().look();

        assertThat(ofDay()).isEmpty();
    }

    @Test
    void aFileThatCannotBeReadIsToldOnceHoweverLongNobodyRan() throws IOException {
        Files.writeString(directory.resolve("usage-2026-04-01.csv"), "date,model,tokens\n2026-04-01,large,a hundred\n");
        CostSchedule schedule = schedule();

        now = Instant.parse("2026-04-08T23:59:59Z");
        schedule.look();
        schedule.look();

        assertThat(ofDay()).singleElement().satisfies(alert -> {
            assertThat(alert.kind()).isEqualTo(Alert.Kind.COST_UNCHECKED);
            assertThat(alert.message()).contains("'a hundred' is not a number");
        });
    }

    @Test
    void aMissingFileBehindEarlierOnesIsToldHoweverLongNobodyRan() throws IOException {
        Files.writeString(directory.resolve("usage-2026-03-31.csv"), "date,model,tokens\n2026-03-31,large,1\n");

        now = Instant.parse("2026-04-07T12:00:00Z");
        schedule().look();

        assertThat(ofDay()).extracting(Alert::kind).containsExactly(Alert.Kind.COST_UNCHECKED);
    }

    @Test
    void aFileThatIsDamagedOrHasNoLineOfTheDayIsNotTakenForZero() throws IOException {
        metered("large", "84");
        Path file = directory.resolve("usage-2026-04-01.csv");
        CostSchedule schedule = schedule();

        Files.writeString(file, "date,model,tokens\n2026-04-02,large,100\n");
        schedule.look();
        Files.writeString(file, "date,model,tokens\n2026-04-01,large,a hundred\n");
        schedule.look();

        assertThat(told).isEmpty();
        assertThat(compared).doesNotContain(DAY);
    }

    @Test
    void aServiceThatDoesNotAnswerIsAskedAgain() throws IOException {
        supplierSays("large", "100");
        metered("large", "84");
        CostSchedule schedule = schedule();

        isDown = true;
        schedule.look();
        assertThat(told).isEmpty();
        isDown = false;
        schedule.look();

        assertThat(told).hasSize(1);
    }

    @Test
    void nightsThatNobodyRanInAreMadeUpForAWeek() throws IOException {
        supplierSays("large", "100");
        metered("large", "84");

        now = Instant.parse("2026-04-08T23:59:59Z");
        schedule().look();
        assertThat(compared).contains(DAY);
        compared.clear();
        now = Instant.parse("2026-04-09T00:00:00Z");
        schedule().look();

        assertThat(compared).doesNotContain(DAY);
    }

    private List<Alert> ofDay() {
        return told.stream()
                .filter(alert -> alert.period().start().equals(Instant.parse("2026-04-01T00:00:00Z")))
                .toList();
    }

    private CostSchedule schedule() {
        CostExport export = new CostExport(
                "openai",
                "tokens",
                directory + "/usage-{day}.csv",
                new SupplierColumns("date", "tokens", Map.of("model", "model")),
                CostExport.THRESHOLD,
                CostExport.AFTER);
        MeteredDays days = (meter, from, through, dimensions) -> {
            if (isDown) {
                throw new IllegalStateException("down");
            }
            compared.add(from);
            return metered;
        };
        return new CostSchedule(
                List.of(export),
                days,
                alerts -> {
                    told.addAll(alerts);
                    return alerts.size();
                },
                () -> now);
    }

    private void supplierSays(String model, String tokens) throws IOException {
        Files.writeString(
                directory.resolve("usage-2026-04-01.csv"),
                "date,model,tokens\n2026-04-01," + model + "," + tokens + "\n");
    }

    private void metered(String model, String tokens) {
        metered.put(new SupplierFile.Cell(DAY, Dimensions.of(Map.of("model", model))), new BigDecimal(tokens));
    }
}
