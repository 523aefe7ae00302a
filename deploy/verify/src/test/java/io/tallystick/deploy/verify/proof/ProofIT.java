package io.tallystick.deploy.verify.proof;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallystick.deploy.app.cli.Tallystick;
import io.tallystick.deploy.verify.Deadline;
import io.tallystick.deploy.verify.EventLog;
import io.tallystick.deploy.verify.Seed;
import io.tallystick.deploy.verify.Service;
import io.tallystick.deploy.verify.TestingCommand;
import io.tallystick.deploy.verify.TestingUp;
import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.event.AcceptedEvent;
import io.tallystick.schemas.event.AcceptedRecord;
import io.tallystick.schemas.event.CatalogRecord;
import io.tallystick.schemas.event.CatalogRecord.CatalogObject;
import io.tallystick.schemas.event.Invoice;
import io.tallystick.schemas.event.InvoiceDigest;
import io.tallystick.schemas.event.LineItem;
import io.tallystick.schemas.event.Place;
import io.tallystick.schemas.event.Reading;
import io.tallystick.schemas.topic.Space;
import io.tallystick.schemas.topic.Topic;
import io.tallystick.schemas.topic.Topics;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three closed months with late events, voids and a price change: replayed as they are, and with one thing changed in a copy; explained line by line;
 * exported. {@code -Dproof.events=200000 -Dproof.tenants=25 -Dproof.voids=20 -Dproof.lines=100} makes it a large one.
 */
class ProofIT {

    private static final int EVENTS = Integer.getInteger("proof.events", 900);
    private static final int TENANTS = Integer.getInteger("proof.tenants", 5);
    private static final int PARTITIONS = Integer.getInteger("proof.partitions", 2);
    private static final int WIDE = Integer.getInteger("proof.wide", 3);
    private static final int VOIDS = Integer.getInteger("proof.voids", 2);
    private static final int LINES = Integer.getInteger("proof.lines", 10);

    /** An event of April that was sent once, and is not voided. */
    private static final String SOME = "e137";

    private static final List<String> VOIDED = new ArrayList<>();

    private static final String CATALOG = """
            meters:
              - {meter: proof_units, eventType: proof.used, aggregation: sum, value: $.units, dimensions: {model: $.model, kind: $.kind}}
              - {meter: proof_calls, eventType: proof.used, aggregation: count}
            pricing:
              - version: proof_v1
                effectiveFrom: "2026-01-01T00:00:00Z"
                currency: USD
                plans:
                  - plan: proof_plan
                    charges:
                      - {charge: base, model: flat, amount: "10.00"}
                      - {charge: units, model: unit, meter: proof_units, groupBy: [model, kind], divideBy: "10", unitPrice: "0.0777"}
                      - {charge: calls, model: graduated, meter: proof_calls, tiers: [{upTo: "50", unitPrice: "0.10"}, {upTo: null, unitPrice: "0.01"}]}
              - version: proof_v2
                effectiveFrom: "2026-04-16T00:00:00Z"
                currency: USD
                plans:
                  - plan: proof_plan
                    charges:
                      - {charge: base, model: flat, amount: "10.00"}
                      - {charge: units, model: unit, meter: proof_units, groupBy: [model], divideBy: "10", unitPrice: "0.0999"}
                      - {charge: calls, model: graduated, meter: proof_calls, tiers: [{upTo: "50", unitPrice: "0.10"}, {upTo: null, unitPrice: "0.01"}]}
            subscriptions:
            """;

    @TempDir
    private static Path directory;

    private static TestingUp up;
    private static EventLog log;

    @BeforeAll
    static void billThreeMonths() {
        up = TestingUp.start(
                "proof", directory.resolve("data"), "--horizon", "P400D", "--partitions", Integer.toString(PARTITIONS));
        Service service = up.service();
        StringBuilder catalog = new StringBuilder(CATALOG);
        for (int tenant = 0; tenant < TENANTS; tenant++) {
            catalog.append("  - {tenant: proof-")
                    .append(tenant)
                    .append(
                            ", plan: proof_plan, start: \"2026-04-01T00:00:00Z\", period: {every: P1M, anchor: \"2026-04-01T00:00:00Z\", timezone: UTC}}\n");
        }
        service.putCatalog(catalog.toString()).ok();
        log = new EventLog(up.bootstrap());
        send(4, 0);
        assertThat(service.closeAll(Instant.parse("2026-05-01T00:00:00Z"))).hasSize(TENANTS);
        send(5, EVENTS / 3);
        sendLate();
        for (int i = 0; i < VOIDS; i++) {
            int ofMay = i % 2 * (EVENTS / 3); // the others are of April, which is closed
            voidEvent(ofMay + 1 + 4 * i);
        }
        assertThat(service.closeAll(Instant.parse("2026-06-01T00:00:00Z"))).hasSize(TENANTS);
        send(6, 2 * (EVENTS / 3));
        assertThat(service.closeAll(Instant.parse("2026-07-01T00:00:00Z"))).hasSize(TENANTS);
    }

    @AfterAll
    static void stop() {
        log.close();
        up.close();
    }

    @Test
    void whatStandsIsWhatTheLogGives() {
        Run run = run("replay", "--url", up.url());

        assertThat(run.exit()).as(run.output() + run.errors()).isZero();
        assertThat(run.output()).contains(3 * TENANTS + " invoices and ").doesNotContain("different");
        assertThat(run("replay", "--invoice", "proof-1-2026-05-01", "--url", up.url())
                        .exit())
                .isZero();
        assertThat(run("replay", "--version", "proof_v2", "--url", up.url()).output())
                .contains("under the version");
    }

    @Test
    void aReplayBesideTrafficLeavesNoTopicGroupOrFileBehind() throws IOException, InterruptedException {
        Path files = Files.createDirectories(directory.resolve("files"));
        Set<String> before = topicsAndGroups();
        AtomicBoolean isReplaying = new AtomicBoolean(true);
        Thread traffic = new Thread(() -> sendOfJuly(isReplaying), "traffic");
        traffic.start();
        TestingCommand replay;
        try {
            replay = TestingCommand.run(
                    Map.of("JAVA_TOOL_OPTIONS", "-XX:-UsePerfData -Djava.io.tmpdir=" + files),
                    "replay",
                    "--url",
                    up.url());
        } finally {
            isReplaying.set(false);
            traffic.join();
        }

        assertThat(replay.exit()).as(replay.output() + replay.errors()).isZero();
        assertThat(replay.output()).contains(3 * TENANTS + " invoices and ");
        assertThat(topicsAndGroups()).isEqualTo(before);
        assertThat(files).isEmptyDirectory();
        // The other tests copy what is decided.
        long sent = log.size(Topics::usageEvents);
        Deadline.within(Duration.ofMinutes(1)).await("every event is decided", () -> read() == sent ? true : null);
    }

    @Test
    void anUntouchedCopyIsIdentical() {
        SpaceCopy.make("same", PARTITIONS, log, up.bootstrap(), "", SpaceCopy.NONE);

        Run run = run("replay", "--kafka", up.bootstrap(), "--space", "same");

        assertThat(run.exit()).as(run.output() + run.errors()).isZero();
    }

    @Test
    void anAcceptedRecordThatIsMissingIsNamed() {
        ConsumerRecord<byte[], byte[]> record = someAccepted();
        String place = ((AcceptedEvent) TopicCodecs.ACCEPTED.decode(record.value()))
                .place()
                .toString();

        Run run = tampered("missing", record, List.of());

        assertThat(run.output())
                .contains("missing.usage.events " + place + ": has no outcome")
                .contains("different");
    }

    @Test
    void anAcceptedRecordThatIsThereTwiceIsNamed() {
        ConsumerRecord<byte[], byte[]> record = someAccepted();

        Run run = tampered("doubled", record, List.of(record.value(), record.value()));

        assertThat(run.output())
                .contains("doubled.usage.accepted " + record.partition() + "@")
                .contains("a second time");
    }

    @Test
    void aValueThatIsChangedIsNamedByItsEventAndItsLine() {
        ConsumerRecord<byte[], byte[]> record = someAccepted();
        AcceptedEvent event = (AcceptedEvent) TopicCodecs.ACCEPTED.decode(record.value());

        Run run = tampered("value", record, List.of(TopicCodecs.ACCEPTED.encode((AcceptedRecord) withMore(event))));

        assertThat(run.output())
                .contains("value.usage.events " + event.place() + ": is accepted")
                .contains(": line usage/units/");
    }

    @Test
    void aPriceThatIsChangedIsNamed() {
        ConsumerRecord<byte[], byte[]> price = log.read(Topics::billingCatalog).stream()
                .filter(record -> TopicCodecs.CATALOG.decode(record.value()) instanceof CatalogObject object
                        && object.document().contains("0.0999"))
                .findFirst()
                .orElseThrow();
        CatalogObject object = (CatalogObject) TopicCodecs.CATALOG.decode(price.value());
        CatalogRecord changed =
                new CatalogObject(object.hash(), object.document().replace("0.0999", "0.0998"));

        Run run = tampered("price", price, List.of(TopicCodecs.CATALOG.encode(changed)));

        assertThat(run.output()).contains("price.billing.catalog 0@");
    }

    @Test
    void aLineThatIsOffByACentIsNamed() {
        ConsumerRecord<byte[], byte[]> record =
                log.read(Topics::billingInvoices).get(0);
        Invoice invoice = TopicCodecs.INVOICES.decode(record.value());

        Run run = tampered("cent", record, List.of(TopicCodecs.INVOICES.encode(withCentMore(invoice))));

        assertThat(run.output())
                .contains("invoice " + invoice.id() + ": line "
                        + invoice.lines().get(1).line() + ":");
    }

    @Test
    void theEventsOfAnyLineAddUpToItsQuantity() {
        Random random = Seed.random("proof");
        List<Map.Entry<String, Integer>> lines = new ArrayList<>();
        Map<String, JsonNode> invoices = new TreeMap<>();
        for (int tenant = 0; tenant < TENANTS; tenant++) {
            invoices.putAll(up.service().invoices("proof-" + tenant));
        }
        invoices.forEach((id, invoice) -> {
            for (int line = 1; line <= invoice.get("lines").size(); line++) {
                if (invoice.get("lines").get(line - 1).get("kind").textValue().equals("usage")) {
                    lines.add(Map.entry(id, line));
                }
            }
        });
        Collections.shuffle(lines, random);

        assertThat(lines).hasSizeGreaterThan(LINES);
        for (Map.Entry<String, Integer> one : lines.subList(0, LINES)) {
            JsonNode line = invoices.get(one.getKey()).get("lines").get(one.getValue() - 1);
            assertThat(sumOfEvents(one.getKey(), one.getValue()))
                    .as(one.toString())
                    .isEqualByComparingTo(line.get("metered").textValue());
        }
    }

    @Test
    void anEventIsFoundOnItsInvoiceAndALateOneOnTheNext() {
        assertThat(found("proof-2", "e2").output()).startsWith("accepted").contains("proof-2-2026-04-01, line ");
        // Nothing of this tenant's April was voided, which could make up for it.
        assertThat(found("proof-3", "late-3").output())
                .contains("late for the period's invoice; on proof-3-2026-05-01, line ");
        assertThat(found(tenant(1), VOIDED.get(0)).output()).contains("voided ").contains(": in error");
        assertThat(found("proof-0", "no").exit()).isEqualTo(1);
    }

    @Test
    void aBundleIsVerifiedWithoutKafkaAndWithoutTallystick() throws IOException, InterruptedException {
        Path bundle = directory.resolve("bundle");
        Run export = run("export", "--period", "2026-05", "--to", bundle.toString(), "--url", up.url());
        assertThat(export.exit()).as(export.errors()).isZero();

        Run good = run("replay", "--from", bundle.toString());
        assertThat(good.exit()).as(good.output() + good.errors()).isZero();
        assertThat(good.output()).contains(TENANTS + " invoices: identical");
        assertThat(verify(bundle)).isZero();

        Path invoices = bundle.resolve("invoices.avro");
        byte[] bytes = Files.readAllBytes(invoices);
        bytes[bytes.length / 2] ^= 1;
        Files.write(invoices, bytes);
        Run bad = run("replay", "--from", bundle.toString());
        assertThat(bad.exit()).isEqualTo(1);
        assertThat(bad.output()).contains("invoices.avro: has the hash");
        assertThat(verify(bundle)).isEqualTo(1);
    }

    @Test
    @EnabledIfSystemProperty(named = "proof.wide", matches = ".+")
    void aSpaceOfOtherPartitionsHasTheSameBills() throws IOException {
        Run moved = run("migrate", "--to-space", "wide", "--partitions", Integer.toString(WIDE), "--url", up.url());
        assertThat(moved.exit()).as(moved.output() + moved.errors()).isZero();
        assertThat(moved.output())
                .contains(3 * TENANTS + " invoices, 0 deliveries, ")
                .contains(" partitions: identical");

        Run proven = run("replay", "--kafka", up.bootstrap(), "--space", "wide");
        assertThat(proven.exit()).as(proven.output() + proven.errors()).isZero();
        Run again = run("migrate", "--to-space", "wide", "--partitions", "5", "--url", up.url());
        assertThat(again.exit()).isEqualTo(2);
        assertThat(again.errors()).contains("there is a space wide already");
        if (Boolean.getBoolean("proof.switch")) {
            goOnIn("wide");
        }
    }

    /** What was billed stays billed, what was sent stays known, and numbers go on. */
    private static void goOnIn(String space) throws IOException {
        List<String> arguments = List.of(
                "up",
                "--kafka",
                up.bootstrap(),
                "--space",
                space,
                "--data",
                directory.resolve(space).toString(),
                "--port",
                "0");
        try (TestingUp other = TestingUp.startWith("proof-" + space, arguments)) {
            Instant time = Instant.parse("2026-07-01T00:00:01Z");
            String topic = new Topics(new Space(space), WIDE).usageEvents().name();
            for (String event : List.of(event("e3", 3, eventTime(4, 3)), event("july", 3, time))) {
                log.send(new ProducerRecord<>(
                        topic,
                        null,
                        time.toEpochMilli(),
                        tenant(3).getBytes(StandardCharsets.UTF_8),
                        event.getBytes(StandardCharsets.UTF_8)));
            }
            log.flush();
            Map<String, JsonNode> july = other.service().closeAll(Instant.parse("2026-08-01T00:00:00Z"));

            assertThat(july).hasSize(TENANTS);
            assertThat(july.get(tenant(3) + "-2026-07-01").get("number").textValue())
                    .endsWith("-4");
            long accepted = 0;
            long duplicates = 0;
            for (JsonNode partition :
                    other.service().get("/api/v1/ingest/accounting").ok().json().get("partitions")) {
                accepted += partition.get("accepted").longValue();
                duplicates += partition.get("duplicates").longValue();
            }
            assertThat(accepted).isEqualTo(1);
            assertThat(duplicates).isEqualTo(1);
            Run proven = run("replay", "--url", other.url());
            assertThat(proven.exit()).as(proven.output() + proven.errors()).isZero();
            assertThat(run("explain", tenant(3) + "-2026-04-01", "--line", "2", "--url", other.url())
                            .exit())
                    .isZero();
        }
    }

    private record Run(int exit, String output, String errors) {}

    private static Run run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exit = Tallystick.run(new PrintWriter(out), new PrintWriter(err), arguments);
        return new Run(exit, out.toString(), err.toString());
    }

    private static Run found(String tenant, String id) {
        return run("where-is", "--tenant", tenant, "--source", "s", "--id", id, "--url", up.url());
    }

    private static Run tampered(String space, ConsumerRecord<byte[], byte[]> changed, List<byte[]> values) {
        SpaceCopy.make(
                space,
                PARTITIONS,
                log,
                up.bootstrap(),
                changed.topic(),
                record -> record.partition() == changed.partition() && record.offset() == changed.offset()
                        ? values
                        : List.of(record.value()));
        Run run = run("replay", "--kafka", up.bootstrap(), "--space", space);
        assertThat(run.exit()).as(run.output() + run.errors()).isEqualTo(1);
        return run;
    }

    private static int verify(Path bundle) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        "python3", Path.of("..", "ops", "verify_bundle.py").toString(), bundle.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("verifier.out").toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    private static BigDecimal sumOfEvents(String invoice, int line) {
        BigDecimal sum = BigDecimal.ZERO;
        String after = "";
        while (true) {
            JsonNode events = up.service()
                    .get("/api/v1/invoices/" + invoice + "/explain?limit=1000&line=" + line + after)
                    .ok()
                    .json()
                    .get("events");
            for (JsonNode event : events.get("data")) {
                sum = sum.add(new BigDecimal(event.get("value").textValue()));
            }
            if (events.get("next").isNull()) {
                return sum;
            }
            after = "&after=" + events.get("next").textValue();
        }
    }

    private static void send(int month, int from) {
        for (int i = 0; i < EVENTS / 3; i++) {
            Instant time = eventTime(month, i);
            int id = from + i;
            // One in fifty comes by any partition.
            log.send(
                    i % 50 == 7 ? null : tenant(id),
                    time.toEpochMilli(),
                    event("e" + id, id, time).getBytes(StandardCharsets.UTF_8));
            if (i % 40 == 0) {
                log.send(tenant(id), time.toEpochMilli(), event("e" + id, id, time));
            }
            if (i % 100 == 0) {
                log.send("proof-0", time.toEpochMilli(), "{\"broken\":");
            }
        }
        log.flush();
    }

    /** One after the other, until a replay beside it is through. */
    private static void sendOfJuly(AtomicBoolean goesOn) {
        for (int i = 0; goesOn.get(); i++) {
            Instant time = eventTime(7, i % (EVENTS / 3));
            log.send(tenant(i), time.toEpochMilli(), event("beside-" + i, i, time));
            log.flush();
        }
    }

    /** How many events ingest has decided. */
    private static long read() {
        long read = 0;
        for (JsonNode partition :
                up.service().get("/api/v1/ingest/accounting").ok().json().get("partitions")) {
            read += partition.get("read").longValue();
        }
        return read;
    }

    private static Set<String> topicsAndGroups() {
        Set<String> names = new TreeSet<>();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", up.bootstrap()))) {
            names.addAll(admin.listTopics().names().get());
            admin.listGroups().all().get().forEach(group -> names.add("group " + group.groupId()));
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError("the broker does not say what it has", e);
        }
        return names;
    }

    private static Instant eventTime(int month, int number) {
        return Instant.parse("2026-0" + month + "-01T00:00:00Z").plusMillis(30L * 86_400_000 / (EVENTS / 3) * number);
    }

    /** Of April, sent in May. */
    private static void sendLate() {
        for (int i = 0; i < 20; i++) {
            Instant time = Instant.parse("2026-04-03T00:00:00Z").plusSeconds(i * 3_600L);
            log.send(tenant(i), Instant.parse("2026-05-30T00:00:00Z").toEpochMilli(), event("late-" + i, i, time));
        }
        log.flush();
    }

    private static String event(String id, int number, Instant time) {
        return """
                {"specversion":"1.0","type":"proof.used","source":"s","id":"%s","subject":"proof-%d","time":"%s","data":{"units":"%d.%d","model":"m%d","kind":"k%d"}}""".formatted(id, number % TENANTS, time, number % 97, number % 7, number % 3, number % 4);
    }

    private static void voidEvent(int number) {
        Run run = run(
                "void",
                "--tenant",
                tenant(number),
                "--source",
                "s",
                "--id",
                "e" + number,
                "--reason",
                "in error",
                "--url",
                up.url());
        assertThat(run.exit()).as(run.errors()).isZero();
        VOIDED.add("e" + number);
    }

    private static String tenant(int number) {
        return "proof-" + number % TENANTS;
    }

    private static ConsumerRecord<byte[], byte[]> someAccepted() {
        ConsumerRecord<byte[], byte[]> raw = find(
                Topics::usageEvents,
                record -> new String(record.value(), StandardCharsets.UTF_8).contains("\"id\":\"" + SOME + "\""));
        Place place = new Place(raw.partition(), raw.offset());
        return find(
                Topics::usageAccepted,
                record -> TopicCodecs.ACCEPTED.decode(record.value()) instanceof AcceptedEvent event
                        && event.place().equals(place));
    }

    /** The first of a topic that may not fit into the heap. */
    private static ConsumerRecord<byte[], byte[]> find(
            Function<Topics, Topic> topic, Predicate<ConsumerRecord<byte[], byte[]>> isIt) {
        List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
        log.forEach(topic, record -> {
            if (found.isEmpty() && isIt.test(record)) {
                found.add(record);
            }
        });
        return found.get(0);
    }

    private static AcceptedEvent withMore(AcceptedEvent event) {
        List<Reading> readings = new ArrayList<>();
        for (Reading reading : event.readings()) {
            BigDecimal value = reading.value();
            readings.add(new Reading(
                    reading.meter(),
                    reading.dimensions(),
                    value == null ? null : value.add(new BigDecimal("100")),
                    reading.text()));
        }
        return new AcceptedEvent(
                event.tenant(),
                event.shard(),
                event.sequence(),
                event.place(),
                event.identity(),
                event.contentHash(),
                event.revision(),
                event.time(),
                event.recordTime(),
                readings);
    }

    private static Invoice withCentMore(Invoice invoice) {
        List<LineItem> lines = new ArrayList<>(invoice.lines());
        lines.set(1, TamperedLines.withCentMore(lines.get(1)));
        Invoice changed = TamperedLines.with(invoice, lines);
        return changed.withDigest(InvoiceDigest.of(changed));
    }
}
