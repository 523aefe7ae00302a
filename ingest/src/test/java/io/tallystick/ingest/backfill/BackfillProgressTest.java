package io.tallystick.ingest.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.schemas.event.BillingRequest.MissedReading;
import io.tallystick.schemas.event.BillingRequest.ReadingsBackfilled;
import io.tallystick.schemas.event.Place;
import io.tallystick.schemas.event.Reading;
import io.tallystick.schemas.value.Dimensions;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class BackfillProgressTest {

    private static final long FEBRUARY = 2;
    private static final long JANUARY = 1;
    private static final long END = 100;

    @Test
    void aRunIsTakenInStretchesAndEndsWithTheLast() {
        BackfillProgress half = BackfillProgress.NONE.after(run(FEBRUARY, Long.MAX_VALUE, 0, 50));
        assertThat(half.covers(FEBRUARY)).isFalse();

        BackfillProgress whole = half.after(run(FEBRUARY, Long.MAX_VALUE, 50, END));

        assertThat(whole.covers(FEBRUARY)).isTrue();
        assertThat(whole.covers(FEBRUARY + 1)).isTrue();
        assertThat(whole.covers(FEBRUARY - 1)).isFalse();
    }

    @Test
    void whatOverlapsIsTakenFromWhereTheOneBeforeEnded() {
        BackfillProgress half = BackfillProgress.NONE.after(run(FEBRUARY, Long.MAX_VALUE, 0, 50));

        assertThat(offsets(half, run(FEBRUARY, Long.MAX_VALUE, 0, 50))).isEmpty();
        assertThat(offsets(half, run(FEBRUARY, Long.MAX_VALUE, 40, 51))).containsExactly(50L);
    }

    @Test
    void whatLeavesAGapIsNotTaken() {
        BackfillProgress half = BackfillProgress.NONE.after(run(FEBRUARY, Long.MAX_VALUE, 0, 50));

        assertThat(offsets(half, run(FEBRUARY, Long.MAX_VALUE, 51, END))).isEmpty();
        assertThat(half.after(run(FEBRUARY, Long.MAX_VALUE, 51, END))).isEqualTo(half);
        assertThat(BackfillProgress.NONE.after(run(FEBRUARY, Long.MAX_VALUE, 1, END)))
                .isEqualTo(BackfillProgress.NONE);
    }

    @Test
    void aLaterRunGoesBackFromWhereTheOneBeforeBegan() {
        BackfillProgress february = BackfillProgress.NONE.after(run(FEBRUARY, Long.MAX_VALUE, 0, END));

        assertThat(offsets(february, run(JANUARY, Long.MAX_VALUE, 0, END))).isEmpty();
        assertThat(offsets(february, run(JANUARY, FEBRUARY, 0, END))).hasSize(100);
        assertThat(february.after(run(JANUARY, FEBRUARY, 0, END)).covers(JANUARY))
                .isTrue();
    }

    @Test
    void aRunUnderWayIsNotCrossedByAnother() {
        BackfillProgress half = BackfillProgress.NONE.after(run(FEBRUARY, Long.MAX_VALUE, 0, 50));

        assertThat(half.after(run(JANUARY, Long.MAX_VALUE, 0, END))).isEqualTo(half);
        assertThat(half.after(run(JANUARY, FEBRUARY, 0, END))).isEqualTo(half);
    }

    @Test
    void theFormInTheStoreHoldsEverything() {
        BackfillProgress half = BackfillProgress.NONE.after(run(FEBRUARY, Long.MAX_VALUE, 0, 50));

        assertThat(BackfillProgress.of(half.toBytes())).isEqualTo(half);
        assertThat(BackfillProgress.of(BackfillProgress.NONE.toBytes())).isEqualTo(BackfillProgress.NONE);
    }

    @Test
    void howeverRequestsRepeatAndMixEveryOffsetIsTakenOnceInOrder() {
        long seed = Long.getLong("seed", 7);
        System.out.println("backfill: -Dseed=" + seed);
        Random random = new Random(seed);
        List<Long> taken = new ArrayList<>();
        BackfillProgress progress = BackfillProgress.NONE;
        long known = 0;
        while (!progress.covers(FEBRUARY)) {
            long start = random.nextInt((int) known + 1); // what some process knew at some time
            long end = Math.min(END, start + 1 + random.nextInt(20));
            ReadingsBackfilled request = run(FEBRUARY, Long.MAX_VALUE, start, end);
            taken.addAll(offsets(progress, request));
            progress = progress.after(request);
            known = progress.filledTo();
        }

        assertThat(taken)
                .containsExactlyElementsOf(LongStream.range(0, END).boxed().toList());
    }

    private static List<Long> offsets(BackfillProgress progress, ReadingsBackfilled request) {
        return progress.missing(request).stream().map(MissedReading::offset).toList();
    }

    /** One reading at each offset. */
    private static ReadingsBackfilled run(long from, long until, long start, long end) {
        Reading reading = new Reading("images", Dimensions.NONE, BigDecimal.ONE, null);
        List<MissedReading> readings = LongStream.range(start, end)
                .mapToObj(offset -> new MissedReading(offset, "acme", offset + 1, new Place(0, offset), from, reading))
                .toList();
        return new ReadingsBackfilled(0, "images", 2, 2, from, until, start, end, end == END, readings);
    }
}
