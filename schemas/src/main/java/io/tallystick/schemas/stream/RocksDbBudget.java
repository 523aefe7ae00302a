package io.tallystick.schemas.stream;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.CompressionType;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.WriteBufferManager;

/**
 * One off-heap budget for every RocksDB store of the process, however many tasks it runs: blocks, indexes, filters and write
 * buffers all count against the same cache. The default suits a process of 2 GB.
 */
public final class RocksDbBudget implements RocksDBConfigSetter {

    /** The budget of the whole process in bytes, as a Streams setting; the first store that opens decides. */
    public static final String BYTES_CONFIG = "tallystick.rocksdb.bytes";

    public static final long BYTES_DEFAULT = 256L << 20;

    /** With less, indexes and write buffers of a dozen partitions leave no room for blocks. */
    public static final long BYTES_MIN = 32L << 20;

    private static final int SHARD_BITS = 4;
    private static final double HIGH_PRIORITY_SHARE = 0.2; // indexes and filters
    private static final long WRITE_BUFFER_BYTES = 8L << 20;
    /**
     * What a store takes of the budget with its first write. By default that is 1 MiB: some hundred stores would use the budget up by being
     * there, and from then on nearly every write would wait for a flush.
     */
    private static final long ARENA_BLOCK_BYTES = 32L << 10;

    private static final int BLOCK_BYTES = 16 << 10;
    private static final int BLOOM_BITS = 10;

    private static final Object LOCK = new Object();
    private static Shared shared = Shared.NONE;

    private record Shared(Cache cache, WriteBufferManager writeBuffers, BloomFilter filter) {
        @SuppressWarnings("NullAway") // a placeholder that is replaced before its first use
        static final Shared NONE = new Shared(null, null, null);
    }

    @Override
    public void setConfig(String storeName, Options options, Map<String, Object> configs) {
        Shared budget = shared(configs);
        // Streams reads its metrics from the instance that it has put there.
        BlockBasedTableConfig table = ((BlockBasedTableConfig) options.tableFormatConfig())
                .setBlockCache(budget.cache)
                .setCacheIndexAndFilterBlocks(true)
                .setCacheIndexAndFilterBlocksWithHighPriority(true)
                .setPinTopLevelIndexAndFilter(true)
                .setBlockSize(BLOCK_BYTES)
                .setFilterPolicy(budget.filter);
        options.setTableFormatConfig(table);
        options.setWriteBufferManager(budget.writeBuffers);
        options.setWriteBufferSize(WRITE_BUFFER_BYTES);
        options.setMaxWriteBufferNumber(2);
        options.setArenaBlockSize(ARENA_BLOCK_BYTES);
        options.setCompressionType(CompressionType.LZ4_COMPRESSION);
        options.setMaxFileOpeningThreads(1); // sixteen that a store starts for its few files cost more than they open
    }

    @Override
    public void close(String storeName, Options options) {
        // The budget outlives every store.
    }

    private static Shared shared(Map<String, Object> configs) {
        synchronized (LOCK) {
            if (shared.equals(Shared.NONE)) {
                Object configured = configs.get(BYTES_CONFIG);
                long bytes = configured == null ? BYTES_DEFAULT : Long.parseLong(configured.toString());
                if (bytes < BYTES_MIN) {
                    throw new IllegalArgumentException(
                            BYTES_CONFIG + " is at least " + BYTES_MIN + " bytes, not " + bytes);
                }
                Cache cache = new LRUCache(bytes, SHARD_BITS, false, HIGH_PRIORITY_SHARE);
                shared =
                        new Shared(cache, new WriteBufferManager(bytes / 2, cache), new BloomFilter(BLOOM_BITS, false));
            }
            return shared;
        }
    }
}
