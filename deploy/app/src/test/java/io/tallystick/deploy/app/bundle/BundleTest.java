package io.tallystick.deploy.app.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tallystick.deploy.app.Failure;
import io.tallystick.deploy.app.bundle.BundleManifest.BundledFile;
import io.tallystick.deploy.app.bundle.BundleManifest.BundledInvoice;
import io.tallystick.deploy.app.cli.Tallystick;
import io.tallystick.deploy.app.derive.OneCatalog;
import io.tallystick.deploy.app.derive.RecordedLog;
import io.tallystick.deploy.app.replay.Finding;
import io.tallystick.deploy.app.replay.Replay;
import io.tallystick.schemas.catalog.Catalog;
import io.tallystick.schemas.codec.BundledRecord;
import io.tallystick.schemas.codec.RecordContainer;
import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.Invoice;
import io.tallystick.schemas.topic.Topic;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bundle of two tenants' invoices, held to itself by {@code replay --from} and by the program for those who have no Tallystick. */
class BundleTest {

    private static final YearMonth APRIL = YearMonth.of(2026, 4);
    private static final Path VERIFIER = Path.of("..", "ops", "verify_bundle.py");

    private static final String CATALOG = """
            meters:
              - {meter: bundle_units, eventType: used, aggregation: sum, value: $.units}
            pricing:
              - version: v1
                effectiveFrom: "2026-01-01T00:00:00Z"
                currency: USD
                plans:
                  - plan: p
                    charges:
                      - {charge: base, model: flat, amount: "10.00", description: "Grundgebühr"}
                      - {charge: units, model: graduated, meter: bundle_units, tiers: [{upTo: "50", unitPrice: "0.10"}, {upTo: null, unitPrice: "0.01"}]}
            subscriptions:
              - {tenant: a, plan: p, start: "2026-03-01T00:00:00Z", period: {every: P1M, anchor: "2026-04-01T00:00:00Z", timezone: UTC}}
              - {tenant: b, plan: p, start: "2026-04-01T00:00:00Z", period: {every: P1M, anchor: "2026-04-01T00:00:00Z", timezone: UTC}}
            """;

    @TempDir
    private Path directory;

    private final StringWriter printed = new StringWriter();

    private Path bundle;
    private RecordedLog log;

    @BeforeEach
    void exportAMonth() {
        log = recorded(CATALOG, "recorded");
        bundle = directory.resolve("bundle");
        BundleExport.Written written = new BundleExport(log, APRIL, bundle).write();
        assertThat(written.invoices()).isEqualTo(2);
    }

    private RecordedLog recorded(String catalog, String name) {
        List<byte[]> events = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            Instant time = Instant.parse("2026-04-01T00:00:00Z").plusSeconds(i * 8_000L);
            events.add("""
                    {"specversion":"1.0","type":"used","source":"s","id":"%d","subject":"%s","time":"%s","data":{"units":%d}}""".formatted(i, i % 3 == 0 ? "a" : "b", time, i % 7).getBytes(StandardCharsets.UTF_8));
        }
        return RecordedLog.of(
                OneCatalog.read(catalog.getBytes(StandardCharsets.UTF_8), "test", Catalog.Settings.DEFAULT, null),
                events,
                Instant.parse("2026-05-01T00:00:00Z"),
                directory.resolve(name));
    }

    @Test
    void aBundleIsWhatItsLogGives() throws Exception {
        Replay.Report report = replay();

        assertThat(report.findings()).isEmpty();
        assertThat(report.differences()).isZero();
        assertThat(report.invoices()).extracting(Replay.Compared::id).containsExactly("a-2026-04-01", "b-2026-04-01");
        assertThat(verify()).isEqualTo(0);
    }

    @Test
    void theSameLogGivesTheSameBytes() throws IOException {
        Path again = directory.resolve("again");
        try (BundleLog log = BundleLog.open(bundle)) {
            new BundleExport(log, APRIL, again).write();
        }

        for (BundledFile file : BundleManifest.read(bundle).files()) {
            assertThat(again.resolve(file.name())).hasSameBinaryContentAs(bundle.resolve(file.name()));
        }
        assertThat(again.resolve(BundleManifest.NAME)).hasSameBinaryContentAs(bundle.resolve(BundleManifest.NAME));
    }

    @Test
    void aMonthWithoutAnyInvoiceGivesNoBundle() {
        Path empty = directory.resolve("empty");

        assertThatThrownBy(() -> new BundleExport(log, YearMonth.of(2031, 1), empty).write())
                .isInstanceOfSatisfying(
                        Failure.class, e -> assertThat(e.exitStatus()).isEqualTo(2))
                .hasMessageContaining("no invoice of a period that starts in 2031-01");
        assertThat(empty).isEmptyDirectory();
    }

    @Test
    void anInvoiceThatWasDeletedIsNamedByItsPlaceAndIsInNoBundle() {
        ConsumerRecord<byte[], byte[]> record = standing("b-2026-04-01");
        log.delete(record);
        String place = record.topic() + " " + record.partition() + "@"
                + (log.end(log.topics().billingInvoices(), record.partition()) - 1);
        Path refused = directory.resolve("refused");

        assertThatThrownBy(() -> new BundleExport(log, APRIL, refused).write())
                .isInstanceOfSatisfying(
                        Failure.class, e -> assertThat(e.exitStatus()).isEqualTo(1))
                .hasMessageContaining("invoice b-2026-04-01 was deleted at " + place);
        assertThat(refused).isEmptyDirectory();
        // What was deleted of another month is not asked for.
        assertThatThrownBy(() -> new BundleExport(log, YearMonth.of(2026, 5), refused).write())
                .hasMessageContaining("no invoice of a period that starts in 2026-05");
    }

    private ConsumerRecord<byte[], byte[]> standing(String id) {
        Topic topic = log.topics().billingInvoices();
        return IntStream.range(0, topic.partitions())
                .boxed()
                .flatMap(partition -> log.records(topic.name(), partition).stream())
                .filter(record ->
                        TopicCodecs.INVOICES.decode(record.value()).id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void anInvoiceThatChangedAfterThoseBehindItInTheBundleIsThere() throws Exception {
        // The tenant's partition is a's.
        String third = CATALOG.lines()
                .filter(line -> line.contains("tenant: b"))
                .findFirst()
                .orElseThrow()
                .replace("tenant: b", "tenant: l");
        log = recorded(CATALOG + third + "\n", "three");
        assertThat(standing("l-2026-04-01").partition())
                .isEqualTo(standing("a-2026-04-01").partition());
        bundle = directory.resolve("bundle-of-three");
        assertThat(new BundleExport(log, APRIL, bundle).write().invoices()).isEqualTo(3);
        rewrite(
                BundleExport.INVOICES,
                record -> new BundledRecord(
                        record.partition(),
                        record.offset() + (invoice(record).tenant().equals("a") ? 1_000 : 0),
                        record.timestamp(),
                        record.key(),
                        record.value(),
                        record.json()));

        assertThat(replayFrom()).isZero();
        assertThat(printed.toString()).contains("3 invoices: identical");
        assertThat(verify()).isZero();
    }

    @Test
    void aFlippedBitIsRefused() throws Exception {
        Path file = bundle.resolve(acceptedOf("b"));
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);

        assertThat(damage()).extracting(Finding::place).containsExactly(acceptedOf("b"));
        assertThat(verify()).isEqualTo(1);
    }

    @Test
    void aFileThatIsCutOffOrMissingIsRefused() throws Exception {
        Path file = bundle.resolve(BundleExport.INVOICES);
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length - 1));

        assertThat(damage()).extracting(Finding::place).containsExactly(BundleExport.INVOICES);
        assertThat(verify()).isEqualTo(1);

        Files.delete(file);

        assertThat(damage()).extracting(Finding::place).containsExactly(BundleExport.INVOICES);
        assertThat(verify()).isEqualTo(1);
    }

    @Test
    void anyFileThatIsCutOffIsRefusedEvenIfTheHashesFit() throws Exception {
        for (String name : List.of(BundleExport.CATALOG, acceptedOf("b"), BundleExport.INVOICES)) {
            Path file = bundle.resolve(name);
            byte[] bytes = Files.readAllBytes(file);
            for (int length : new int[] {0, 3, bytes.length / 2, bytes.length - 1}) {
                Files.write(file, java.util.Arrays.copyOf(bytes, length));
                fitManifest(name, recordsOf(name));

                assertThat(damage())
                        .as(name + " " + length)
                        .extracting(Finding::place)
                        .containsExactly(name);
                assertThat(replayFrom()).isEqualTo(1);
            }
            Files.write(file, bytes);
            fitManifest(name, recordsOf(name));
        }
        assertThat(replayFrom()).isZero();
    }

    @Test
    void aNumberOfRecordsThatIsAnotherThanTheManifestSaysIsRefused() throws Exception {
        for (int more : new int[] {-1, 1}) {
            long records = recordsOf(BundleExport.CATALOG);
            fitManifest(BundleExport.CATALOG, records + more);

            assertThat(damage()).extracting(Finding::place).containsExactly(BundleExport.CATALOG);
            assertThat(verify()).isEqualTo(1);
            fitManifest(BundleExport.CATALOG, records);
        }
        assertThat(damage()).isEmpty();
    }

    @Test
    void aMonthWithoutAnyInvoiceIsNotCalledIdentical() {
        assertThat(replayFrom("--period", "2026-04")).isZero();
        assertThat(replayFrom("--period", "2031-01")).isEqualTo(2);
        assertThat(printed.toString()).contains("no invoice of a period that starts in 2031-01");
    }

    @Test
    void aNumberOfPartitionsThatCannotBeIsRefused() throws IOException {
        Path manifest = bundle.resolve(BundleManifest.NAME);
        String text = Files.readString(manifest);
        for (String number : List.of("2147483647", "10001", "0", "-1", "1.5", "\"x\"", "99999999999", "null")) {
            Files.writeString(manifest, text.replaceFirst("\"partitions\" : \\d+", "\"partitions\" : " + number));

            assertThat(replayFrom()).as(number).isEqualTo(1);
            assertThat(printed.toString()).contains("partitions is a number from 1 to 10000");
        }
        Files.writeString(manifest, text.replaceFirst("\"partitions\" : \\d+", "\"partitions\" : 10000"));
        assertThat(BundleManifest.read(bundle).topics().partitions()).isEqualTo(10_000);
    }

    @Test
    void anotherNumberOfPartitionsThanTheTenantsWereSpreadOverIsRefused() throws IOException {
        Path manifest = bundle.resolve(BundleManifest.NAME);
        Files.writeString(
                manifest, Files.readString(manifest).replaceFirst("\"partitions\" : \\d+", "\"partitions\" : 17"));

        assertThat(replayFrom()).isEqualTo(1);
        assertThat(printed.toString()).contains("is not in its tenant's of 17 partitions");
    }

    @Test
    void aRecordWithoutAValueIsAFindingInAnyFile() throws Exception {
        for (String name : List.of(BundleExport.CATALOG, acceptedOf("b"), BundleExport.INVOICES)) {
            Path file = bundle.resolve(name);
            byte[] bytes = Files.readAllBytes(file);
            rewrite(
                    name,
                    record -> new BundledRecord(
                            record.partition(),
                            record.offset(),
                            record.timestamp(),
                            record.key(),
                            null,
                            record.json()));

            assertThat(replayFrom()).as(name).isEqualTo(1);
            assertThat(printed.toString()).contains("no value").doesNotContain("null");
            Files.write(file, bytes);
            fitManifest(name, recordsOf(name));
        }
    }

    @Test
    void anInvoiceThatIsLeftOutIsRefusedEvenIfTheHashesFit() throws Exception {
        rewrite(BundleExport.INVOICES, record -> invoice(record).tenant().equals("a") ? null : record);

        assertThat(damage()).extracting(Finding::place).containsExactly("invoice a-2026-04-01");
        assertThat(verify()).isEqualTo(1);
    }

    @Test
    void anAmountThatIsChangedInItsJsonIsRefusedEvenIfTheHashesFit() throws Exception {
        rewrite(BundleExport.INVOICES, record -> withJson(record, record.json().replace("\"10.00\"", "\"10.01\"")));

        assertThat(damage()).hasSize(2);
        assertThat(verify()).isEqualTo(1);
    }

    @Test
    void aTotalThatIsChangedInItsJsonIsRefusedEvenIfTheHashesFit() throws Exception {
        rewrite(
                BundleExport.INVOICES,
                record -> withJson(record, record.json().replace("\"total\":\"", "\"total\":\"9")));

        assertThat(damage()).hasSize(2);
        assertThat(verify()).isEqualTo(1);
    }

    @Test
    void anEventThatIsLeftOutIsFoundByDerivingAgainEvenIfTheHashesFit() throws Exception {
        List<Long> offsets = new ArrayList<>();
        RecordContainer.read(bundle.resolve(acceptedOf("b")), record -> offsets.add(record.offset()));
        long left = offsets.get(offsets.size() / 2);
        rewrite(acceptedOf("b"), record -> record.offset() == left ? null : record);

        Replay.Report report = replay();

        assertThat(damage()).isEmpty();
        assertThat(report.differences()).isPositive();
        assertThat(report.findings()).isNotEmpty();
    }

    @Test
    void aLogThatEndsBeforeTheCutIsRefusedByBoth() throws Exception {
        List<Long> offsets = new ArrayList<>();
        RecordContainer.read(bundle.resolve(acceptedOf("b")), record -> offsets.add(record.offset()));
        long last = offsets.get(offsets.size() - 1);
        rewrite(acceptedOf("b"), record -> record.offset() == last ? null : record);

        assertThat(replay().differences()).isPositive();
        assertThat(verify()).isEqualTo(1);
    }

    @Test
    void whatIsNoBundleIsSaidToBeNone() throws IOException {
        assertThatThrownBy(() -> BundleLog.open(directory))
                .isInstanceOfSatisfying(
                        Failure.class, e -> assertThat(e.exitStatus()).isEqualTo(2));
        Files.writeString(bundle.resolve(BundleManifest.NAME), "{\"format\":1,\"files\":[{\"name\":\"../x.avro\"}]}");
        assertThatThrownBy(() -> BundleLog.open(bundle))
                .isInstanceOfSatisfying(
                        Failure.class, e -> assertThat(e.exitStatus()).isEqualTo(1));
    }

    @Test
    void theProgramReadsNoFileOutsideOfTheBundle() throws Exception {
        Path invoices = bundle.resolve(BundleExport.INVOICES);
        Files.copy(invoices, directory.resolve("outside.avro"));
        Files.createSymbolicLink(bundle.resolve("linked.avro"), directory.resolve("outside.avro"));
        String manifest = Files.readString(bundle.resolve(BundleManifest.NAME));
        BundledFile known = BundleManifest.read(bundle).files().stream()
                .filter(file -> file.name().equals(BundleExport.INVOICES))
                .findFirst()
                .orElseThrow();
        for (String name :
                List.of("../outside.avro", directory.resolve("outside.avro").toString(), "linked.avro")) {
            ObjectNode tree = (ObjectNode) new JsonMapper().readTree(manifest);
            tree.withArray("files")
                    .addObject()
                    .put("name", name)
                    .put("records", known.records())
                    .put("sha256", known.sha256());
            Files.writeString(bundle.resolve(BundleManifest.NAME), tree.toString());

            assertThat(verify()).as(name).isEqualTo(1);
        }
    }

    private Replay.Report replay() {
        try (BundleLog log = BundleLog.open(bundle)) {
            return new Replay(log, directory.resolve("replay"), 1)
                    .run(new Replay.Request(
                            one -> YearMonth.from(one.firstDay()).equals(APRIL), null, false, null));
        }
    }

    /** The command itself: its exit status. */
    private int replayFrom(String... more) {
        printed.getBuffer().setLength(0);
        PrintWriter out = new PrintWriter(printed, true);
        List<String> arguments = new ArrayList<>(List.of("replay", "--from", bundle.toString()));
        arguments.addAll(List.of(more));
        return Tallystick.run(out, out, arguments.toArray(String[]::new));
    }

    private List<Finding> damage() {
        try (BundleLog log = BundleLog.open(bundle)) {
            return log.damage();
        }
    }

    private int verify() throws IOException, InterruptedException {
        Process process = new ProcessBuilder("python3", VERIFIER.toString(), bundle.toString())
                .redirectErrorStream(true)
                .start();
        process.getInputStream().transferTo(System.out);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    private String acceptedOf(String tenant) throws IOException {
        List<Integer> partitions = new ArrayList<>();
        RecordContainer.read(bundle.resolve(BundleExport.INVOICES), record -> {
            if (invoice(record).tenant().equals(tenant)) {
                partitions.add(invoice(record).cut().get(0).partition());
            }
        });
        return BundleExport.accepted(partitions.get(0));
    }

    /** Changes the records of a file, and the manifest so that it fits. */
    private void rewrite(String name, UnaryOperator<@Nullable BundledRecord> change) throws IOException {
        List<BundledRecord> records = new ArrayList<>();
        RecordContainer.read(bundle.resolve(name), records::add);
        long count;
        try (RecordContainer container = RecordContainer.create(bundle.resolve(name))) {
            for (BundledRecord record : records) {
                BundledRecord changed = change.apply(record);
                if (changed != null) {
                    container.add(changed);
                }
            }
            count = container.records();
        }
        fitManifest(name, count);
    }

    private long recordsOf(String name) throws IOException {
        return BundleManifest.read(bundle).files().stream()
                .filter(file -> file.name().equals(name))
                .findFirst()
                .orElseThrow()
                .records();
    }

    /** Has the manifest give a file the hash that it has, and this number of records. */
    private void fitManifest(String name, long count) throws IOException {
        BundleManifest manifest = BundleManifest.read(bundle);
        List<BundledFile> files = new ArrayList<>();
        for (BundledFile file : manifest.files()) {
            boolean isIt = file.name().equals(name);
            files.add(isIt ? new BundledFile(name, count, BundleManifest.sha256(bundle.resolve(name))) : file);
        }
        List<BundledInvoice> invoices = manifest.invoices();
        new BundleManifest(manifest.period(), manifest.topics(), files, invoices).write(bundle);
    }

    private static BundledRecord withJson(BundledRecord record, String json) {
        assertThat(json).isNotEqualTo(record.json());
        return new BundledRecord(
                record.partition(), record.offset(), record.timestamp(), record.key(), record.value(), json);
    }

    private static Invoice invoice(BundledRecord record) {
        return TopicCodecs.INVOICES.decode(record.value());
    }
}
