package io.tallystick.deploy.verify.hook;

import io.tallystick.schemas.stream.PreCommitHook;
import java.util.TreeMap;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/** Numbers to be summed by key, with markers between them; every key says its partition. */
final class Numbers {

    private Numbers() {}

    static String key(int partition, int number) {
        return partition + "/" + number;
    }

    static String marker(int partition, int number) {
        return partition + "/#" + number;
    }

    static boolean isMarker(String key) {
        return key.contains("#");
    }

    static int partitionOf(String key) {
        return Integer.parseInt(key.substring(0, key.indexOf('/')));
    }

    /** Holds sums back until the commit, or until a marker that must follow them. */
    static final class Summing implements Processor<String, Long, String, Long> {

        private final Runnable beforeEach;
        private final TreeMap<String, Long> held = new TreeMap<>();
        private ProcessorContext<String, Long> context;
        private KeyValueStore<String, Long> sums;

        Summing(Runnable beforeEach) {
            this.beforeEach = beforeEach;
        }

        @Override
        public void init(ProcessorContext<String, Long> context) {
            this.context = context;
            this.sums = context.getStateStore("sums-v1");
            PreCommitHook hook = context.getStateStore("hook");
            hook.onCommit(context, this::emit);
        }

        @Override
        public void process(Record<String, Long> record) {
            beforeEach.run();
            if (isMarker(record.key())) {
                emit();
                context.forward(record);
            } else {
                held.merge(record.key(), record.value(), Long::sum);
            }
        }

        private void emit() {
            held.forEach((key, number) -> {
                Long before = sums.get(key);
                long sum = (before == null ? 0 : before) + number;
                sums.put(key, sum);
                context.forward(new Record<>(key, sum, 0));
            });
            held.clear();
        }
    }
}
