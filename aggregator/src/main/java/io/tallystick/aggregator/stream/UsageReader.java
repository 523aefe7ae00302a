package io.tallystick.aggregator.stream;

import io.tallystick.aggregator.usage.UsageReading;
import io.tallystick.aggregator.usage.Windows;
import io.tallystick.schemas.stream.TenantHolder;
import io.tallystick.schemas.topic.TenantPartitioner;
import io.tallystick.schemas.topic.Topics;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.StreamsMetadata;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.HostInfo;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/** Reads windows from the stores of the running aggregator. */
public final class UsageReader implements UsageReading {

    private final KafkaStreams streams;
    private final Topics topics;
    private final TenantHolder holder;

    /** @param self where this process answers, as its {@code application.server} says */
    public UsageReader(KafkaStreams streams, Topics topics, HostInfo self) {
        this.streams = streams;
        this.topics = topics;
        this.holder = new TenantHolder(streams, AggregatorStores.DAYS, self, "the totals");
    }

    @Override
    public Optional<URI> holder(String tenant) {
        return holder.of(tenant);
    }

    @Override
    public <T> T read(String tenant, String meter, Function<Windows, T> question) {
        int partition = TenantPartitioner.partitionOf(tenant, topics.partitions());
        try {
            return question.apply(new StoredUsage(
                    tenant,
                    meter,
                    store(AggregatorStores.DAYS, partition),
                    AggregatorStores.INDEX.in(store(AggregatorStores.STORE, partition))));
        } catch (InvalidStateStoreException e) { // also from an iterator whose store is taken away
            throw holder.notReady();
        }
    }

    /** Whether any event has counted for the meter in a partition that this process holds. */
    public boolean hasCounted(String meter) {
        try {
            return Progress.hasCounted(
                    meter,
                    AggregatorStores.PROGRESS.in(streams.store(StoreQueryParameters.fromNameAndType(
                            AggregatorStores.STORE, QueryableStoreTypes.<Bytes, byte[]>keyValueStore()))));
        } catch (InvalidStateStoreException e) {
            throw holder.notReady();
        }
    }

    @Override
    public Map<Optional<URI>, Set<Integer>> holders() {
        Map<Optional<URI>, Set<Integer>> holders = new HashMap<>();
        Set<Integer> missing = new TreeSet<>();
        for (int partition = 0; partition < topics.partitions(); partition++) {
            missing.add(partition);
        }
        try {
            for (StreamsMetadata client : streams.streamsMetadataForStore(AggregatorStores.DAYS)) {
                Set<Integer> held = holders.computeIfAbsent(holder.at(client.hostInfo()), any -> new TreeSet<>());
                for (TopicPartition place : client.topicPartitions()) {
                    if (missing.remove(place.partition())) {
                        held.add(place.partition());
                    }
                }
            }
        } catch (IllegalStateException | InvalidStateStoreException e) { // not running (yet), or no more
            throw holder.notReady();
        }
        if (!missing.isEmpty()) {
            throw holder.notReady();
        }
        return holders;
    }

    @Override
    public void everyTenant(Set<Integer> partitions, Consumer<String> tenant) {
        try {
            for (int partition : partitions) {
                Progress.everyTenant(AggregatorStores.PROGRESS.in(store(AggregatorStores.STORE, partition)), tenant);
            }
        } catch (InvalidStateStoreException e) {
            throw holder.notReady();
        }
    }

    private ReadOnlyKeyValueStore<Bytes, byte[]> store(String name, int partition) {
        return streams.store(
                StoreQueryParameters.fromNameAndType(name, QueryableStoreTypes.<Bytes, byte[]>keyValueStore())
                        .withPartition(partition));
    }
}
