package io.tallystick.rater.stream;

import io.tallystick.rater.pricing.PeriodRating;
import io.tallystick.rater.pricing.RatedPeriod;
import io.tallystick.rater.pricing.UsageSource;
import io.tallystick.schemas.catalog.Catalog;
import io.tallystick.schemas.catalog.CatalogCanonical;
import io.tallystick.schemas.catalog.CatalogChange;
import io.tallystick.schemas.catalog.CatalogParser;
import io.tallystick.schemas.catalog.CatalogRevision;
import io.tallystick.schemas.catalog.CreditGrant;
import io.tallystick.schemas.catalog.Meter;
import io.tallystick.schemas.catalog.RangeUsage;
import io.tallystick.schemas.catalog.Subscription;
import io.tallystick.schemas.codec.CatalogDocuments;
import io.tallystick.schemas.codec.RecordSerde;
import io.tallystick.schemas.codec.SubscriptionDocument;
import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.codec.TotalsCoverage;
import io.tallystick.schemas.event.Alert;
import io.tallystick.schemas.event.ChargeLine;
import io.tallystick.schemas.event.ChargeRecord;
import io.tallystick.schemas.event.Coverage;
import io.tallystick.schemas.event.CreditSet;
import io.tallystick.schemas.event.Cut;
import io.tallystick.schemas.event.InvoiceCommand;
import io.tallystick.schemas.event.LineItem;
import io.tallystick.schemas.event.PeriodClosed;
import io.tallystick.schemas.event.RevisionInForce;
import io.tallystick.schemas.event.SubscriptionSet;
import io.tallystick.schemas.event.TotalRecord;
import io.tallystick.schemas.event.WindowTotal;
import io.tallystick.schemas.stream.RevisionsInForce;
import io.tallystick.schemas.stream.StoreTable;
import io.tallystick.schemas.topic.CatalogReader;
import io.tallystick.schemas.topic.RecordKeys;
import io.tallystick.schemas.topic.Space;
import io.tallystick.schemas.topic.Topics;
import io.tallystick.schemas.value.Dimensions;
import io.tallystick.schemas.value.HourWindow;
import io.tallystick.schemas.value.Period;
import io.tallystick.schemas.value.WindowState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The rater in a driver, behind a {@code usage.totals} that this writes as the aggregator would, and in front of a reader of
 * {@code billing.charges} that keeps the last value of each key.
 */
public final class TestingRater implements AutoCloseable {

    static final Topics TOPICS = new Topics(Space.DEFAULT, 1);

    /** A record as it was sent: what a rebuild reads again. */
    record Sent(TotalRecord record, Instant timestamp) {}

    /** What the reader of charges has at one marker: the last value of each key in front of it. */
    record AtMarker(PeriodClosed marker, List<ChargeLine> lines, String bytes) {

        List<LineItem> items() {
            return lines.stream()
                    .map(ChargeLine::line)
                    .sorted(LineItem.INVOICE_ORDER)
                    .toList();
        }

        BigDecimal total() {
            return TestingRater.total(items());
        }
    }

    final RevisionsInForce revisions = new RevisionsInForce();
    final List<CatalogRevision> catalogs = new ArrayList<>();
    final List<Sent> sent = new ArrayList<>();
    final List<AtMarker> markers = new ArrayList<>();
    final SortedMap<String, byte[]> standing = new TreeMap<>();
    /** Every record of {@code billing.charges} since it was cleared last. */
    final List<KeyValue<String, byte[]>> emitted = new ArrayList<>();

    private final CatalogReader reader = (number, patience) -> catalogs.get(number - 1);
    private final Map<String, WindowTotal> windows = new TreeMap<>();
    private long sequence;
    private Instant now = Instant.parse("2026-04-01T00:00:00Z");
    private Path state;
    private TopologyTestDriver driver;
    private TestInputTopic<String, byte[]> in;
    private TestOutputTopic<String, byte[]> out;
    private TestOutputTopic<String, Alert> alerts;

    TestingRater() {
        start();
    }

    /** A catalogue in force, with its subscriptions. */
    public static TestingRater with(String... yaml) {
        TestingRater rater = new TestingRater();
        rater.apply(yaml);
        rater.emitted.clear();
        return rater;
    }

    private void start() {
        try {
            state = Files.createTempDirectory("rater");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Properties config = new Properties();
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, "rater");
        config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "nowhere:1");
        config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        config.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
        driver = new TopologyTestDriver(
                RaterStage.topology(TOPICS, reader, SubscriptionDocument::read, revisions), config);
        in = driver.createInputTopic(TOPICS.usageTotals().name(), new StringSerializer(), new ByteArraySerializer());
        out = driver.createOutputTopic(
                TOPICS.billingCharges().name(), new StringDeserializer(), new ByteArrayDeserializer());
        alerts = driver.createOutputTopic(
                TOPICS.billingAlerts().name(),
                new StringDeserializer(),
                new RecordSerde<>(TopicCodecs.ALERTS).deserializer());
    }

    <K, V> KeyValueStore<K, V> table(StoreTable<K, V> table) {
        return table.in(driver.<Bytes, byte[]>getKeyValueStore(table.store()));
    }

    /** What time the records that follow were written at. */
    public TestingRater at(String instant) {
        now = Instant.parse(instant);
        return this;
    }

    Catalog catalog() {
        return catalogs.get(catalogs.size() - 1).catalog();
    }

    /** A further revision in force, with its subscriptions in band behind it. */
    void apply(String... yaml) {
        Catalog before = catalogs.isEmpty() ? Catalog.empty(Catalog.Settings.DEFAULT) : catalog();
        CatalogChange change = CatalogChange.apply(
                before,
                CatalogParser.parse(
                        CatalogDocuments.read(String.join("\n", yaml).getBytes(StandardCharsets.UTF_8))),
                Instant.parse("2000-01-01T00:00:00Z"),
                meter -> false);
        if (!change.isAccepted()) {
            throw new IllegalArgumentException(change.errors() + " " + change.conflicts());
        }
        int number = catalogs.size() + 1;
        catalogs.add(new CatalogRevision(number, CatalogCanonical.hash(change.catalog()), change.catalog()));
        send(new RevisionInForce(0, ++sequence, 0, number, "sha256:test"));
        for (Subscription subscription : change.catalog().subscriptions().values()) {
            if (!subscription.equals(before.subscriptions().get(subscription.subscription()))) {
                send(new SubscriptionSet(
                        subscription.tenant(),
                        0,
                        ++sequence,
                        number,
                        subscription.subscription(),
                        CatalogCanonical.json(subscription)));
            }
        }
    }

    /** Credit that the tenant has from here on, without a revision of its own. */
    void grant(CreditGrant grant) {
        send(new CreditSet(
                grant.tenant(), 0, ++sequence, catalogs.size(), grant.credit(), CatalogCanonical.json(grant)));
    }

    void voidInvoice(String tenant, String invoice) {
        send(new InvoiceCommand(tenant, 0, ++sequence, catalogs.size(), invoice, InvoiceCommand.Action.VOID, "wrong"));
    }

    /** One event, in the window's new total. */
    public void use(String tenant, String meter, String time, String value, String... dimensions) {
        use(tenant, meter, Instant.parse(time), new BigDecimal(value), dimensions);
    }

    public void use(String tenant, String meter, Instant time, BigDecimal value, String... dimensions) {
        Map<String, String> values = new TreeMap<>();
        for (int i = 0; i < dimensions.length; i += 2) {
            values.put(dimensions[i], dimensions[i + 1]);
        }
        Meter definition = catalog().meters().get(meter);
        WindowTotal empty = new WindowTotal(
                tenant,
                0,
                meter,
                Dimensions.of(values),
                HourWindow.hourOf(time),
                0,
                0,
                definition.windowKind().empty());
        WindowTotal before = windows.getOrDefault(RecordKeys.of(empty), empty);
        WindowState.Builder state = before.state().toBuilder();
        state.add(value, null, time.toEpochMilli(), ++sequence);
        WindowTotal total =
                new WindowTotal(tenant, 0, meter, before.dimensions(), before.hour(), 0, sequence, state.state());
        windows.put(RecordKeys.of(total), total);
        send(total);
    }

    /** Every event of one window is voided. */
    void voidAll(String tenant, String meter, String time) {
        WindowTotal before = windows.values().stream()
                .filter(total -> total.tenant().equals(tenant) && total.meter().equals(meter))
                .filter(total -> total.hour() == HourWindow.hourOf(Instant.parse(time)))
                .findFirst()
                .orElseThrow();
        windows.remove(RecordKeys.of(before));
        send(new WindowTotal(
                tenant,
                0,
                meter,
                before.dimensions(),
                before.hour(),
                before.part(),
                ++sequence,
                before.state().kind().empty()));
    }

    /** Closes, vouching for what was sent. */
    AtMarker close(String tenant, String subscription, Period period) {
        close(tenant, subscription, period, coverage(tenant, period));
        return markers.get(markers.size() - 1);
    }

    void close(String tenant, String subscription, Period period, Coverage coverage) {
        mark(tenant, subscription, period, 1, coverage);
    }

    /** A marker of this attempt; empty when the rater makes nothing of it. */
    Optional<AtMarker> closeAgain(String tenant, String subscription, Period period, int attempt) {
        int before = markers.size();
        mark(tenant, subscription, period, attempt, coverage(tenant, period));
        return markers.size() == before ? Optional.empty() : Optional.of(markers.get(before));
    }

    private void mark(String tenant, String subscription, Period period, int attempt, Coverage coverage) {
        long number = ++sequence;
        send(new PeriodClosed(
                        tenant,
                        0,
                        number,
                        catalogs.size(),
                        subscription,
                        period,
                        attempt,
                        new Cut("AAAAAAAAAAAAAAAAAAAAAQ", 0, number, number),
                        null)
                .withCoverage(coverage));
    }

    Coverage coverage(String tenant, Period period) {
        TotalsCoverage coverage = new TotalsCoverage();
        for (WindowTotal total : windows.values()) {
            if (total.tenant().equals(tenant) && period.contains(HourWindow.startOf(total.hour()))) {
                coverage.add(total.meter(), total.dimensions(), total.hour(), total.part(), total.state());
            }
        }
        return coverage.coverage();
    }

    /** The tenant's windows as they were sent last. */
    List<WindowTotal> windowsOf(String tenant) {
        return windows.values().stream()
                .filter(total -> total.tenant().equals(tenant))
                .toList();
    }

    /** The tenant's usage as one walk over everything that was sent, without any cache. */
    UsageSource usage(String tenant) {
        return (name, range) -> {
            Meter meter = catalog().meters().get(name);
            SortedMap<Dimensions, RangeUsage.Folding> foldings = new TreeMap<>();
            for (WindowTotal total : windows.values()) {
                if (total.tenant().equals(tenant) && total.meter().equals(name)) {
                    RangeUsage.Folding folding =
                            foldings.computeIfAbsent(total.dimensions(), any -> RangeUsage.of(meter, range));
                    Instant hour = HourWindow.startOf(total.hour());
                    if (hour.isBefore(range.start())) {
                        folding.before(total.state());
                    } else if (hour.isBefore(range.end())) {
                        folding.inside(total.state());
                    }
                }
            }
            SortedMap<Dimensions, RangeUsage> found = new TreeMap<>();
            foldings.forEach((dimensions, folding) -> {
                RangeUsage usage = folding.usage();
                if (usage.isUsed()) {
                    found.put(dimensions, usage);
                }
            });
            return found;
        };
    }

    /** What one clean rating of everything that was sent gives, under the catalogue in force. */
    RatedPeriod clean(String subscription, Period period) {
        Subscription rated = catalog().subscriptions().get(subscription);
        return PeriodRating.rate(catalog(), rated, period, usage(rated.tenant()));
    }

    /** The same stores, read as HTTP does. */
    public ChargesReader charges() {
        return new ChargesReader(
                tenant -> driver.getKeyValueStore(RaterTopology.STORE), reader, SubscriptionDocument::read);
    }

    void send(TotalRecord record) {
        send(record, now);
    }

    void send(TotalRecord record, Instant timestamp) {
        sent.add(new Sent(record, timestamp));
        in.pipeInput(RecordKeys.of(record), TopicCodecs.TOTALS.encode(record), timestamp);
        read();
    }

    void passTime(Duration duration) {
        driver.advanceWallClockTime(duration);
        read();
    }

    private void read() {
        for (KeyValue<String, byte[]> record : out.readKeyValuesToList()) {
            emitted.add(record);
            if (record.value == null) {
                standing.remove(record.key);
                continue;
            }
            ChargeRecord charge = TopicCodecs.CHARGES.decode(record.value);
            if (charge instanceof PeriodClosed closed) {
                markers.add(new AtMarker(closed, lines(closed), bytes(closed)));
            } else if (!isControl(record.key)) {
                standing.put(record.key, record.value);
            }
        }
    }

    private List<ChargeLine> lines(PeriodClosed closed) {
        List<ChargeLine> lines = new ArrayList<>();
        of(closed).values().forEach(value -> {
            if (TopicCodecs.CHARGES.decode(value) instanceof ChargeLine line) {
                lines.add(line);
            }
        });
        return lines;
    }

    private String bytes(PeriodClosed closed) {
        StringBuilder text = new StringBuilder(RecordKeys.of((ChargeRecord) closed));
        of(closed)
                .forEach((key, value) -> text.append(key).append(HexFormat.of().formatHex(value)));
        return text.toString();
    }

    /** What stands of a marker's subscription and period: what its coverage is to vouch for. */
    SortedMap<String, byte[]> of(PeriodClosed closed) {
        SortedMap<String, byte[]> found = new TreeMap<>();
        String prefix = SubscriptionBook.prefix(closed.tenant(), closed.subscription(), closed.period());
        standing.forEach((key, value) -> {
            if (key.startsWith(prefix)) {
                found.put(key, value);
            }
        });
        return found;
    }

    /** The lines that stand, in the order of invoices. */
    List<LineItem> lines(String subscription, Period period) {
        return standing.values().stream()
                .map(TopicCodecs.CHARGES::decode)
                .filter(ChargeLine.class::isInstance)
                .map(ChargeLine.class::cast)
                .filter(line -> line.subscription().equals(subscription)
                        && line.period().equals(period))
                .map(ChargeLine::line)
                .sorted(LineItem.INVOICE_ORDER)
                .toList();
    }

    BigDecimal total(String subscription, Period period) {
        return total(lines(subscription, period));
    }

    static BigDecimal total(List<LineItem> lines) {
        return lines.stream().map(LineItem::amount).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    /** The keys emitted since this was asked last; those of tombstones begin with a minus. */
    List<String> readKeys() {
        List<String> keys = emitted.stream()
                .map(record -> record.value == null ? "-" + record.key : record.key)
                .toList();
        emitted.clear();
        return keys;
    }

    List<Alert> readAlerts() {
        return alerts.readValuesToList();
    }

    static boolean isControl(String key) {
        return RecordKeys.elementsOf(key).get(1).startsWith("#");
    }

    @Override
    public void close() {
        driver.close();
        try (Stream<Path> left = Files.walk(state)) {
            left.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
