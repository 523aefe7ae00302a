package io.tallystick.deploy.bench.micro;

import io.tallystick.aggregator.stream.StoredHistory;
import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.ChargeLine;
import io.tallystick.schemas.event.ChargeRecord;
import io.tallystick.schemas.event.LineItem;
import io.tallystick.schemas.event.TotalRecord;
import io.tallystick.schemas.event.WindowTotal;
import io.tallystick.schemas.value.CountSum;
import io.tallystick.schemas.value.Dimensions;
import io.tallystick.schemas.value.HourWindow;
import io.tallystick.schemas.value.Period;
import io.tallystick.schemas.value.WindowState;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What stands behind accepted events in topics and stores, to bytes and back; accepted events are in {@link StepsBenchmark}. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CodecBenchmark {

    private static final Instant START = Instant.parse("2026-04-01T00:00:00Z");
    private static final Period APRIL = new Period(START, Instant.parse("2026-05-01T00:00:00Z"));

    private final WindowState state = new CountSum(1_234, new BigDecimal("98765.432"));
    private final List<WindowState> day = Collections.nCopies(HourWindow.HOURS_PER_DAY, state);
    private final WindowTotal total = new WindowTotal(
            "tenant-0001",
            0,
            "meter_1",
            Dimensions.of(Map.of("model", "model-1")),
            HourWindow.hourOf(START),
            0,
            1_234_567,
            state);
    private final byte[] totalBytes = TopicCodecs.TOTALS.encode(total);
    private final ChargeLine charge = new ChargeLine("acme", 0, "acme-main", APRIL, 7, "USD", line());
    private final byte[] chargeBytes = TopicCodecs.CHARGES.encode(charge);

    private static LineItem line() {
        return new RatingBenchmark().oneWindowChanged().lines().get(0);
    }

    @Benchmark
    public byte[] encodeTotal() {
        return TopicCodecs.TOTALS.encode(total);
    }

    @Benchmark
    public TotalRecord decodeTotal() {
        return TopicCodecs.TOTALS.decode(totalBytes);
    }

    @Benchmark
    public byte[] encodeCharge() {
        return TopicCodecs.CHARGES.encode(charge);
    }

    @Benchmark
    public ChargeRecord decodeCharge() {
        return TopicCodecs.CHARGES.decode(chargeBytes);
    }

    /** All 24 windows of a row; a commit encodes the changed ones only. */
    @Benchmark
    public byte[] encodeDay() {
        return StoredHistory.day(day);
    }
}
