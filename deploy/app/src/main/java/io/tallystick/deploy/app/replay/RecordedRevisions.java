package io.tallystick.deploy.app.replay;

import io.tallystick.schemas.catalog.CatalogManifest;
import io.tallystick.schemas.catalog.CatalogRevision;
import io.tallystick.schemas.codec.CatalogTexts;
import io.tallystick.schemas.codec.TopicCodecs;
import io.tallystick.schemas.codec.UnreadableRecordException;
import io.tallystick.schemas.event.CatalogRecord;
import io.tallystick.schemas.event.CatalogRecord.CatalogObject;
import io.tallystick.schemas.event.CatalogRecord.RevisionPublished;
import io.tallystick.schemas.topic.CatalogReader;
import io.tallystick.schemas.topic.Topic;
import io.tallystick.schemas.value.ContentHash;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Every revision as {@code billing.catalog} holds it at this moment; what is damaged there is a finding, and its revision is not there. */
public final class RecordedRevisions implements CatalogReader {

    private final Topic topic;
    private final Findings findings;
    private final Map<String, String> documents = new HashMap<>();
    private final NavigableMap<Integer, CatalogManifest> manifests = new TreeMap<>();
    private final NavigableMap<Integer, CatalogRevision> revisions = new TreeMap<>();

    private RecordedRevisions(Topic topic, Findings findings) {
        this.topic = topic;
        this.findings = findings;
    }

    /** Those of a source, whatever may be damaged beside them. */
    public static RecordedRevisions read(LogSource source) {
        return read(source, new Findings());
    }

    /** Those of a source; a Failure when one of its records cannot be read. */
    public static RecordedRevisions readWhole(LogSource source) {
        Findings findings = new Findings();
        RecordedRevisions revisions = read(source, findings);
        findings.requireNone();
        return revisions;
    }

    static RecordedRevisions read(LogSource source, Findings findings) {
        Topic topic = source.topics().billingCatalog();
        RecordedRevisions revisions = new RecordedRevisions(topic, findings);
        source.read(topic, 0, source.end(topic, 0), revisions::take);
        return revisions;
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        try {
            CatalogRecord content = TopicCodecs.CATALOG.decode(record.value());
            if (content instanceof CatalogObject object) {
                if (!ContentHash.of(object.document()).equals(object.hash())) {
                    throw new IllegalArgumentException(
                            "an object of the catalogue does not have the hash it stands under, " + object.hash());
                }
                documents.put(object.hash(), object.document());
            } else if (content instanceof RevisionPublished published) {
                take(CatalogTexts.manifest(published.manifest()));
            }
        } catch (IllegalArgumentException | UnreadableRecordException e) {
            findings.add(Finding.at(topic.name(), 0, record.offset(), String.valueOf(e.getMessage())));
        }
    }

    /** Of two manifests of one number the first stands, here as everywhere. */
    private void take(CatalogManifest manifest) {
        Map.Entry<Integer, CatalogManifest> last = manifests.lastEntry();
        int number = last == null ? 1 : last.getKey() + 1;
        String previous = last == null ? null : last.getValue().hash();
        if (manifest.number() == number && Objects.equals(manifest.previous(), previous)) {
            manifests.put(number, manifest);
            revisions.put(number, CatalogTexts.revision(manifest, documents::get));
        }
    }

    @Override
    public CatalogRevision revision(int number, Duration patience) {
        CatalogRevision revision = revisions.get(number);
        if (revision == null) {
            throw new IllegalStateException(
                    "catalogue revision " + number + " is missing or damaged in " + topic.name());
        }
        return revision;
    }

    public CatalogRevision revision(int number) {
        return revision(number, Duration.ZERO);
    }

    public Optional<CatalogRevision> newest() {
        return Optional.ofNullable(revisions.lastEntry()).map(Map.Entry::getValue);
    }

    NavigableMap<Integer, CatalogRevision> all() {
        return revisions;
    }
}
