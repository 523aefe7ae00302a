package io.tallystick.schemas.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallystick.schemas.event.AcceptedRecord;
import io.tallystick.schemas.event.Alert;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;

class RecordCodecTest {

    private static final Path GOLDEN = Path.of("src/test/resources/io/tallystick/schemas/codec");
    private static final int HEADER_LENGTH = 10;

    @Test
    void acceptedRecordsSurviveTheRoundTrip() {
        assertRoundTrip(TopicCodecs.ACCEPTED, SampleRecords.accepted());
    }

    @Test
    void requestsSurviveTheRoundTrip() {
        assertRoundTrip(TopicCodecs.REQUESTS, SampleRecords.requests());
    }

    @Test
    void totalsSurviveTheRoundTrip() {
        assertRoundTrip(TopicCodecs.TOTALS, SampleRecords.totals());
    }

    @Test
    void chargesSurviveTheRoundTrip() {
        assertRoundTrip(TopicCodecs.CHARGES, SampleRecords.charges());
    }

    @Test
    void invoicesSurviveTheRoundTrip() {
        assertRoundTrip(TopicCodecs.INVOICES, SampleRecords.invoices());
        assertRoundTrip(TopicCodecs.LINE_ITEMS, SampleRecords.lineItems());
        assertRoundTrip(TopicCodecs.CATALOG, SampleRecords.catalog());
    }

    @Test
    void deliveriesAndWhatCameOfThemSurviveTheRoundTrip() {
        assertRoundTrip(TopicCodecs.DELIVERIES, SampleRecords.deliveries());
        assertRoundTrip(TopicCodecs.RECEIPTS, SampleRecords.receipts());
    }

    @Test
    void alertsSurviveTheRoundTrip() {
        assertRoundTrip(TopicCodecs.ALERTS, SampleRecords.alerts());
    }

    @Test
    void anAlertFromBeforeLimitsHadFieldsIsRead() throws IOException {
        Alert later = SampleRecords.alerts().get(0);
        byte[] now = TopicCodecs.ALERTS.encode(later);
        byte[] then = Arrays.copyOf(now, now.length - 1); // less the union's branch for "none"
        long fingerprint = SchemaNormalization.parsingFingerprint64(AvroSchemas.load("Alert-1"));
        for (int i = 0; i < 8; i++) {
            then[2 + i] = (byte) (fingerprint >>> (8 * i));
        }

        assertThat(later.limit()).isNull();
        assertThat(TopicCodecs.ALERTS.decode(then)).isEqualTo(later);
    }

    @Test
    void anAlertFromBeforeDeliveriesOrSuppliersHadThemIsRead() {
        Alert alert = SampleRecords.alerts().get(1);
        for (String earlier : List.of("Alert-2", "Alert-3")) {
            byte[] then = TopicCodecs.ALERTS.encode(alert);
            long fingerprint = SchemaNormalization.parsingFingerprint64(AvroSchemas.load(earlier));
            for (int i = 0; i < 8; i++) {
                then[2 + i] = (byte) (fingerprint >>> (8 * i));
            }

            assertThat(TopicCodecs.ALERTS.decode(then)).isEqualTo(alert);
        }
    }

    @Test
    void bytesAreTheOnesThatWereReleased() throws IOException {
        assertGolden("accepted.hex", TopicCodecs.ACCEPTED, SampleRecords.accepted());
        assertGolden("requests.hex", TopicCodecs.REQUESTS, SampleRecords.requests());
        assertGolden("totals.hex", TopicCodecs.TOTALS, SampleRecords.totals());
        assertGolden("charges.hex", TopicCodecs.CHARGES, SampleRecords.charges());
        assertGolden("invoices.hex", TopicCodecs.INVOICES, SampleRecords.invoices());
        assertGolden("line_items.hex", TopicCodecs.LINE_ITEMS, SampleRecords.lineItems());
        assertGolden("catalog.hex", TopicCodecs.CATALOG, SampleRecords.catalog());
        assertGolden("deliveries.hex", TopicCodecs.DELIVERIES, SampleRecords.deliveries());
        assertGolden("receipts.hex", TopicCodecs.RECEIPTS, SampleRecords.receipts());
        assertGolden("alerts.hex", TopicCodecs.ALERTS, SampleRecords.alerts());
    }

    @Test
    void anyAvroReaderReadsWhatTheHandWrittenCodecsWriteByThePublishedSchema() throws IOException {
        assertPublished(TopicCodecs.ACCEPTED, SampleRecords.accepted());
        assertPublished(TopicCodecs.REQUESTS, SampleRecords.requests());
        assertPublished(TopicCodecs.TOTALS, SampleRecords.totals());
        assertPublished(TopicCodecs.CHARGES, SampleRecords.charges());
        assertPublished(TopicCodecs.INVOICES, SampleRecords.invoices());
        assertPublished(TopicCodecs.LINE_ITEMS, SampleRecords.lineItems());
        assertPublished(TopicCodecs.CATALOG, SampleRecords.catalog());
        assertPublished(TopicCodecs.DELIVERIES, SampleRecords.deliveries());
        assertPublished(TopicCodecs.RECEIPTS, SampleRecords.receipts());
        assertPublished(TopicCodecs.ALERTS, SampleRecords.alerts());
    }

    @Test
    void bytesOfAnUnknownSchemaAreRefused() {
        byte[] bytes = TopicCodecs.ACCEPTED.encode(SampleRecords.accepted().get(0));
        bytes[5] ^= 1;

        assertThatThrownBy(() -> TopicCodecs.ACCEPTED.decode(bytes))
                .isInstanceOf(UnreadableRecordException.class)
                .hasMessageContaining("not known to this version");
    }

    @Test
    void aRecordWithoutAValueIsUnreadable() {
        assertThatThrownBy(() -> TopicCodecs.ACCEPTED.decode(null))
                .isInstanceOf(UnreadableRecordException.class)
                .hasMessage("no value, where every record has one");
    }

    @Test
    void bytesThatEndTooEarlyAreRefusedWhereverTheyEnd() {
        byte[] bytes = TopicCodecs.ACCEPTED.encode(SampleRecords.accepted().get(0));
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> TopicCodecs.ACCEPTED.decode(cut)).isInstanceOf(UnreadableRecordException.class);
        }
    }

    @Test
    void aRecordThatTheTopicDoesNotHoldIsRefused() {
        RecordCodec<AcceptedRecord> onlyRevisions = new RecordCodec<>(List.of(new RevisionInForceCodec()));

        assertThatThrownBy(() -> onlyRevisions.encode(SampleRecords.accepted().get(0)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static <T> void assertRoundTrip(RecordCodec<T> codec, List<T> samples) {
        for (T sample : samples) {
            assertThat(codec.decode(codec.encode(sample))).isEqualTo(sample);
        }
    }

    private static <T> void assertGolden(String file, RecordCodec<T> codec, List<T> samples) throws IOException {
        List<String> lines = new ArrayList<>();
        for (T sample : samples) {
            lines.add(sample.getClass().getSimpleName() + " " + HexFormat.of().formatHex(codec.encode(sample)));
        }
        if (Boolean.getBoolean("golden.update")) {
            Files.write(GOLDEN.resolve(file), lines);
        }
        assertThat(lines).isEqualTo(Files.readAllLines(GOLDEN.resolve(file)));
    }

    /** Reads with Avro's own generic reader and writes with its generic writer: the same bytes, to the last one. */
    private static <T> void assertPublished(RecordCodec<T> codec, List<T> samples) throws IOException {
        for (T sample : samples) {
            byte[] bytes = codec.encode(sample);
            Schema schema = AvroSchemas.load(sample.getClass().getSimpleName());
            assertThat(bytes).startsWith(0xC3, 0x01);
            long fingerprint = SchemaNormalization.parsingFingerprint64(schema);
            for (int i = 0; i < 8; i++) {
                assertThat(bytes[2 + i]).isEqualTo((byte) (fingerprint >>> (8 * i)));
            }
            BinaryDecoder decoder =
                    DecoderFactory.get().binaryDecoder(bytes, HEADER_LENGTH, bytes.length - HEADER_LENGTH, null);
            Object generic = new GenericDatumReader<>(schema).read(null, decoder);
            assertThat(decoder.isEnd()).isTrue();

            ByteArrayOutputStream out = new ByteArrayOutputStream();
            BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
            new GenericDatumWriter<>(schema).write(generic, encoder);
            encoder.flush();
            // Maps may come in another order from the generic writer: compare what they mean.
            Object again = new GenericDatumReader<>(schema)
                    .read(null, DecoderFactory.get().binaryDecoder(out.toByteArray(), null));
            assertThat(again).isEqualTo(generic);
            assertThat(out.size()).isEqualTo(bytes.length - HEADER_LENGTH);
        }
    }
}
