package io.tallystick.deploy.bench.micro;

import io.tallystick.ingest.acceptance.RevisionRules;
import io.tallystick.ingest.decode.DecodedEvent;
import io.tallystick.ingest.decode.EventDecoder;
import java.nio.charset.StandardCharsets;
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

/** The envelope of one structured event of which no meter reads anything. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class DecodeBenchmark {

    private final EventDecoder decoder = new EventDecoder();
    private final byte[] event =
            ("{\"specversion\":\"1.0\",\"id\":\"0001\",\"source\":\"/bench\",\"type\":\"t\",\"subject\":\"tenant\","
                            + "\"time\":\"2026-04-01T00:00:00Z\",\"data\":{\"value\":1}}")
                    .getBytes(StandardCharsets.UTF_8);

    @Benchmark
    public DecodedEvent envelope() {
        return decoder.decode(event, visitor -> {}, RevisionRules.BEFORE_ANY);
    }
}
