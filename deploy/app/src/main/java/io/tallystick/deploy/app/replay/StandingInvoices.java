package io.tallystick.deploy.app.replay;

import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.codec.UnreadableRecordException;
import io.tallystick.schemas.event.Invoice;
import io.tallystick.schemas.topic.Topic;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The invoices of one partition as {@code billing.invoices} has them, each in its last state, by id. */
public final class StandingInvoices {

    private StandingInvoices() {}

    /** Those of a source, whatever may be damaged beside them. */
    public static Map<String, Invoice> read(LogSource source, int partition) {
        return read(source, partition, new Findings());
    }

    /** Those of a source; a Failure when one of its records cannot be read. */
    public static Map<String, Invoice> readWhole(LogSource source, int partition) {
        Findings findings = new Findings();
        Map<String, Invoice> standing = read(source, partition, findings);
        findings.requireNone();
        return standing;
    }

    static Map<String, Invoice> read(LogSource source, int partition, Findings findings) {
        Topic topic = source.topics().billingInvoices();
        Map<String, Invoice> byId = new TreeMap<>();
        source.read(topic, partition, source.end(topic, partition), record -> take(record, byId, findings));
        return byId;
    }

    private static void take(ConsumerRecord<byte[], byte[]> record, Map<String, Invoice> byId, Findings findings) {
        if (record.value() == null) { // deleted: what was there does not stand any more
            if (record.key() != null) {
                byId.remove(new String(record.key(), StandardCharsets.UTF_8));
            }
            return;
        }
        try {
            Invoice invoice = TopicCodecs.INVOICES.decode(record.value());
            byId.put(invoice.id(), invoice);
        } catch (UnreadableRecordException e) {
            findings.add(
                    Finding.at(record.topic(), record.partition(), record.offset(), String.valueOf(e.getMessage())));
        }
    }
}
