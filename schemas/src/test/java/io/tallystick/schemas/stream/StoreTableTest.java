package io.tallystick.schemas.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreTableTest {

    private static final StoreTable<String, Long> COUNTS = StoreTable.of("store", 'c', Serdes.String(), Serdes.Long());
    private static final StoreTable<String, String> DOCUMENTS = StoreTable.ofTexts("store", 'd');
    private static final StoreTable<Bytes, byte[]> ROWS =
            StoreTable.of("store", 'e', Serdes.Bytes(), Serdes.ByteArray());

    @TempDir
    private Path directory;

    private KeyValueStore<Bytes, byte[]> store;

    @BeforeEach
    void open() {
        MockProcessorContext<Object, Object> context =
                new MockProcessorContext<>(new Properties(), new TaskId(0, 0), directory.toFile());
        store = StoreTable.store("store").withLoggingDisabled().build();
        store.init(context.getStateStoreContext(), store);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void tablesOfOneStoreDoNotSeeEachOther() {
        KeyValueStore<String, Long> counts = COUNTS.in(store);
        KeyValueStore<String, String> documents = DOCUMENTS.in(store);
        KeyValueStore<Bytes, byte[]> rows = ROWS.in(store);
        counts.put("a", 1L);
        documents.put("a", "one");
        documents.put("b", "two");
        rows.put(Bytes.wrap(new byte[] {0}), new byte[] {7});

        assertThat(counts.get("a")).isEqualTo(1L);
        assertThat(counts.get("b")).isNull();
        assertThat(documents.get("a")).isEqualTo("one");
        assertThat(all(counts.all())).containsExactly(KeyValue.pair("a", 1L));
        assertThat(all(documents.all())).containsExactly(KeyValue.pair("a", "one"), KeyValue.pair("b", "two"));
        assertThat(all(rows.all()))
                .singleElement()
                .satisfies(row -> assertThat(row.value).containsExactly(7));

        assertThat(documents.delete("a")).isEqualTo("one");
        assertThat(documents.delete("a")).isNull();
        assertThat(counts.get("a")).isEqualTo(1L);
    }

    @Test
    void rangesEndWithTheirTableOnBothSides() {
        KeyValueStore<String, String> documents = DOCUMENTS.in(store);
        COUNTS.in(store).put("\uffff", 1L);
        ROWS.in(store).put(Bytes.wrap(new byte[] {0}), new byte[0]);
        List.of("a", "ab", "b", "\uffff").forEach(key -> documents.put(key, key));

        assertThat(keys(documents.range(null, "ab"))).containsExactly("a", "ab");
        assertThat(keys(documents.range("ab", null))).containsExactly("ab", "b", "\uffff");
        assertThat(keys(documents.range("ab", "b"))).containsExactly("ab", "b");
        assertThat(keys(documents.prefixScan("a", new StringSerializer()))).containsExactly("a", "ab");
        assertThat(keys(documents.prefixScan("", new StringSerializer()))).containsExactly("a", "ab", "b", "\uffff");
        try (KeyValueIterator<String, String> from = documents.range("b", null)) {
            assertThat(from.peekNextKey()).isEqualTo("b");
        }
    }

    @Test
    void bytesThatLookLikeAnotherTablesTagStayInTheirOwn() {
        KeyValueStore<Bytes, byte[]> rows = ROWS.in(store);
        rows.put(Bytes.wrap(new byte[] {(byte) 0xff, (byte) 0xff}), new byte[] {1});
        rows.put(Bytes.wrap("d".getBytes(StandardCharsets.UTF_8)), new byte[] {2});

        assertThat(all(DOCUMENTS.in(store).all())).isEmpty();
        assertThat(all(rows.range(null, null))).extracting(row -> row.value[0]).containsExactly((byte) 2, (byte) 1);
    }

    @Test
    void nullTakesARowAwayAndOnlyTheFirstIsPutIfAbsent() {
        KeyValueStore<String, Long> counts = COUNTS.in(store);

        assertThat(counts.putIfAbsent("a", 1L)).isNull();
        assertThat(counts.putIfAbsent("a", 2L)).isEqualTo(1L);
        counts.put("a", null);
        assertThat(counts.get("a")).isNull();
        counts.putAll(List.of(KeyValue.pair("b", 3L), KeyValue.pair("c", 4L)));
        assertThat(keys(counts.all())).containsExactly("b", "c");
    }

    @Test
    void theKeyInTheStoreIsTheTagAndTheKey() {
        assertThat(DOCUMENTS.keyInStore("key")).isEqualTo("dkey".getBytes(StandardCharsets.UTF_8));
        assertThat(DOCUMENTS.store()).isEqualTo("store");
        assertThatIllegalArgumentException().isThrownBy(() -> StoreTable.ofTexts("store", 'ä'));
    }

    private static <K, V> List<K> keys(KeyValueIterator<K, V> rows) {
        return all(rows).stream().map(row -> row.key).toList();
    }

    private static <K, V> List<KeyValue<K, @Nullable V>> all(KeyValueIterator<K, V> rows) {
        List<KeyValue<K, @Nullable V>> all = new ArrayList<>();
        try (rows) {
            rows.forEachRemaining(row -> all.add(KeyValue.pair(row.key, row.value)));
        }
        return all;
    }
}
