package io.tallystick.schemas.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Properties;
import java.util.TreeMap;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Test;

class PreCommitHookTest {

    /** Holds sums back until the commit. */
    private static final class Summing implements Processor<String, Long, String, Long> {

        private final TreeMap<String, Long> held = new TreeMap<>();
        private ProcessorContext<String, Long> context;
        private KeyValueStore<String, Long> sums;

        @Override
        public void init(ProcessorContext<String, Long> context) {
            this.context = context;
            this.sums = context.getStateStore("sums");
            PreCommitHook hook = context.getStateStore("hook");
            hook.onCommit(context, this::emit);
        }

        @Override
        public void process(Record<String, Long> record) {
            held.merge(record.key(), record.value(), Long::sum);
        }

        private void emit() {
            held.forEach((key, value) -> {
                Long before = sums.get(key);
                long sum = (before == null ? 0 : before) + value;
                sums.put(key, sum);
                context.forward(new Record<>(key, sum, 0));
            });
            held.clear();
        }
    }

    @Test
    void whatIsHeldBackIsEmittedAndStoredInTheCommitThatCoversIt() {
        Topology topology = new Topology();
        topology.addSource("source", "in");
        topology.addProcessor("sum", Summing::new, "source");
        topology.addStateStore(PreCommitHook.named("hook"), "sum");
        topology.addStateStore(
                Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore("sums"), Serdes.String(), Serdes.Long()),
                "sum");
        topology.addSink("sink", "out", "sum");
        Properties config = new Properties();
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, "hook");
        config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "nowhere:1");
        config.put(StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG, Serdes.StringSerde.class);
        config.put(StreamsConfig.DEFAULT_VALUE_SERDE_CLASS_CONFIG, Serdes.LongSerde.class);
        config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);

        try (TopologyTestDriver driver = new TopologyTestDriver(topology, config)) {
            TestInputTopic<String, Long> in = driver.createInputTopic(
                    "in", Serdes.String().serializer(), Serdes.Long().serializer());
            TestOutputTopic<String, Long> out = driver.createOutputTopic(
                    "out", Serdes.String().deserializer(), Serdes.Long().deserializer());

            in.pipeInput("a", 2L); // the driver commits after each record
            in.pipeInput("a", 3L);

            assertThat(out.readValuesToList()).containsExactly(2L, 5L);
            assertThat(driver.<String, Long>getKeyValueStore("sums").get("a")).isEqualTo(5L);
        }
    }
}
