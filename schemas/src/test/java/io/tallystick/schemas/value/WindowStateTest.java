package io.tallystick.schemas.value;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WindowStateTest {

    private static final int RUNS = 200;

    private record Use(BigDecimal value, String text, long time, long sequence) {}

    @ParameterizedTest
    @EnumSource
    void theStateDependsOnTheEventsAndNotOnTheirOrder(WindowKind kind) {
        for (int run = 0; run < RUNS; run++) {
            Random random = new Random(run);
            List<Use> uses = uses(kind, random);
            WindowState inOrder = stateOf(kind, uses);

            Collections.shuffle(uses, random);

            assertThat(stateOf(kind, uses)).as("seed %d", run).isEqualTo(inOrder);
        }
    }

    @ParameterizedTest
    @EnumSource
    void mergingIsAssociativeCommutativeAndLikeAddingEverythingToOneWindow(WindowKind kind) {
        for (int run = 0; run < RUNS; run++) {
            Random random = new Random(run);
            List<Use> uses = uses(kind, random);
            int first = random.nextInt(uses.size() + 1);
            int second = first + random.nextInt(uses.size() - first + 1);
            WindowState a = stateOf(kind, uses.subList(0, first));
            WindowState b = stateOf(kind, uses.subList(first, second));
            WindowState c = stateOf(kind, uses.subList(second, uses.size()));
            WindowState whole = stateOf(kind, uses);

            assertThat(a.merge(b).merge(c)).as("seed %d", run).isEqualTo(whole);
            assertThat(a.merge(b.merge(c))).as("seed %d", run).isEqualTo(whole);
            assertThat(c.merge(a).merge(b)).as("seed %d", run).isEqualTo(whole);
            assertThat(whole.count()).isEqualTo(uses.size());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aWindowThatIsTakenUpAgainGoesOnAsIfItHadNeverBeenPutAway(WindowKind kind) {
        for (int run = 0; run < RUNS; run++) {
            List<Use> uses = uses(kind, new Random(run));
            int half = uses.size() / 2;
            WindowState.Builder resumed = stateOf(kind, uses.subList(0, half)).toBuilder();
            WindowState.Builder straight = kind.empty().toBuilder();

            uses.subList(half, uses.size()).forEach(use -> add(use, resumed));
            uses.forEach(use -> add(use, straight));

            assertThat(resumed.state()).as("seed %d", run).isEqualTo(straight.state());
            assertThat(resumed.bytes()).as("seed %d", run).isEqualTo(straight.bytes());
        }
    }

    @ParameterizedTest
    @EnumSource
    void theEmptyWindowChangesNothing(WindowKind kind) {
        WindowState state = stateOf(kind, uses(kind, new Random(7)));

        assertThat(kind.empty().kind()).isEqualTo(kind);
        assertThat(kind.empty().count()).isZero();
        assertThat(kind.empty().merge(state)).isEqualTo(state);
        assertThat(state.merge(kind.empty())).isEqualTo(state);
    }

    @Test
    void aTenthTenMillionTimesIsAMillion() {
        WindowState.Builder window = CountSum.EMPTY.toBuilder();
        BigDecimal tenth = new BigDecimal("0.1");
        for (int i = 0; i < 10_000_000; i++) {
            window.add(tenth, null, 0, i);
        }
        assertThat(window.state()).isEqualTo(new CountSum(10_000_000, new BigDecimal("1000000")));
    }

    @Test
    void largeAndLongNumbersStayThemselves() {
        BigDecimal past2To53 = new BigDecimal("9007199254740993");
        BigDecimal thirtyDigits = new BigDecimal("-123456789012345678.901234567891");

        assertThat(CountSum.EMPTY.merge(new CountSum(1, past2To53))).isEqualTo(new CountSum(1, past2To53));
        assertThat(new CountSum(1, thirtyDigits).merge(new CountSum(1, BigDecimal.ONE)))
                .isEqualTo(new CountSum(2, new BigDecimal("-123456789012345677.901234567891")));
    }

    @Test
    void equalNumbersWrittenDifferentlyAreEqualStates() {
        assertThat(new CountSum(1, new BigDecimal("1.50"))).isEqualTo(new CountSum(1, new BigDecimal("1.5")));
        assertThat(new MinMax(1, new BigDecimal("1e3"), new BigDecimal("1000.0")))
                .isEqualTo(new MinMax(1, new BigDecimal("1000"), new BigDecimal("1000")));
    }

    @Test
    void ofSeveralValuesAtOneTimeTheLastInTheLogIsTheLatest() {
        WindowState.Builder window = Latest.EMPTY.toBuilder();
        window.add(BigDecimal.valueOf(7), null, 1000, 12);
        window.add(BigDecimal.valueOf(8), null, 1000, 11);
        window.add(BigDecimal.valueOf(9), null, 999, 13);

        assertThat(window.state()).isEqualTo(new Latest(3, 1000, 12, BigDecimal.valueOf(7)));
    }

    @Test
    void aLevelHoldsUntilTheNextReadingAndToTheEnd() {
        WindowState.Builder window = LevelReadings.EMPTY.toBuilder();
        window.add(BigDecimal.valueOf(30), null, 400, 2);
        window.add(BigDecimal.TEN, null, 100, 3);
        window.add(BigDecimal.ONE, null, 100, 1); // replaced: same time, earlier in the log
        Levels levels = (Levels) window.state();

        assertThat(levels.integral(BigDecimal.valueOf(2), 0, 1000))
                .isEqualByComparingTo(BigDecimal.valueOf(2 * 100 + 10 * 300 + 30 * 600));
        assertThat(levels.levelAfter(BigDecimal.valueOf(2))).isEqualByComparingTo(BigDecimal.valueOf(30));
    }

    @Test
    void changesAddUpFromTheLevelBefore() {
        WindowState.Builder window = LevelChanges.EMPTY.toBuilder();
        window.add(BigDecimal.valueOf(-5), null, 400, 2);
        window.add(BigDecimal.TEN, null, 100, 3);
        Levels levels = (Levels) window.state();

        assertThat(levels.integral(BigDecimal.valueOf(2), 0, 1000))
                .isEqualByComparingTo(BigDecimal.valueOf(2 * 100 + 12 * 300 + 7 * 600));
        assertThat(levels.levelAfter(BigDecimal.valueOf(2))).isEqualByComparingTo(BigDecimal.valueOf(7));
    }

    @Test
    void aLevelThatGoesUpAndDownAtOneInstantIsNotSeen() {
        WindowState.Builder window = LevelChanges.EMPTY.toBuilder();
        window.add(BigDecimal.TEN, null, 100, 1);
        window.add(BigDecimal.TEN.negate(), null, 100, 2);
        Levels levels = (Levels) window.state();

        assertThat(levels.isLevelSeen(BigDecimal.ZERO, 0, 1000)).isFalse();
        assertThat(levels.isLevelSeen(BigDecimal.ONE, 0, 1000)).isTrue();
    }

    @ParameterizedTest
    @EnumSource(names = {"LEVEL_READINGS", "LEVEL_CHANGES"})
    void whatLevelsCollapseToGivesTheSameLevelAfterAndMergesAlike(WindowKind kind) {
        for (int run = 0; run < RUNS; run++) {
            Random random = new Random(run);
            List<Use> uses = uses(kind, random);
            int cut = random.nextInt(uses.size() + 1);
            Levels first = (Levels) stateOf(kind, uses.subList(0, cut));
            Levels second = (Levels) stateOf(kind, uses.subList(cut, uses.size()));
            BigDecimal before = BigDecimal.valueOf(random.nextInt(10));

            BigDecimal after = first.merge(second).levelAfter(before);

            assertThat(first.collapsed().merge(second.collapsed()).levelAfter(before))
                    .as("seed %d", run)
                    .isEqualByComparingTo(after);
            assertThat(first.merge(second).collapsed().levelAfter(before))
                    .as("seed %d", run)
                    .isEqualByComparingTo(after);
        }
    }

    private static List<Use> uses(WindowKind kind, Random random) {
        List<Use> uses = new ArrayList<>();
        int count = 1 + random.nextInt(30);
        for (int i = 0; i < count; i++) {
            boolean text = kind == WindowKind.UNIQUE_VALUES;
            uses.add(new Use(
                    text ? null : BigDecimal.valueOf(random.nextInt(2000) - 1000, random.nextInt(4)),
                    text ? "user-" + random.nextInt(10) : null,
                    random.nextInt(15) * 1000L,
                    i + 1));
        }
        return uses;
    }

    private static WindowState stateOf(WindowKind kind, List<Use> uses) {
        WindowState.Builder window = kind.empty().toBuilder();
        uses.forEach(use -> add(use, window));
        return window.state();
    }

    private static void add(Use use, WindowState.Builder window) {
        window.add(use.value, use.text, use.time, use.sequence);
    }
}
