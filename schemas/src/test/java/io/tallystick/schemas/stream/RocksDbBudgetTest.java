package io.tallystick.schemas.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;

class RocksDbBudgetTest {

    /** Of all four stages with twelve partitions. */
    private static final int STORES = 36 * 12;

    @Test
    void theStoresOfAWholeProcessFitTheLeastBudgetWhenEachHasBeenWrittenTo() {
        RocksDB.loadLibrary();
        try (Options options = new Options()) {
            options.setTableFormatConfig(new BlockBasedTableConfig());
            new RocksDbBudget().setConfig("store", options, Map.of());
            long writeBuffers = RocksDbBudget.BYTES_MIN / 2;
            assertThat(STORES * options.arenaBlockSize()).isPositive().isLessThan(writeBuffers);
        }
    }
}
