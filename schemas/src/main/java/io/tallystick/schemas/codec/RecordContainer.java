package io.tallystick.schemas.codec;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * Records of a topic in an Avro container file, deflated. The same records give the same file, byte for byte.
 *
 * @see <a href="https://avro.apache.org/docs/1.12.0/specification/#object-container-files">Avro: object container files</a>
 */
public final class RecordContainer implements Closeable {

    private static final Schema SCHEMA = AvroSchemas.load("BundledRecord");
    private static final int DEFLATE_LEVEL = 6;
    /** Between blocks; that of a writer is random unless told, and there is nothing here to tell apart. */
    private static final byte[] SYNC = new byte[16];

    private final DataFileWriter<GenericRecord> writer;
    private long records;

    private RecordContainer(DataFileWriter<GenericRecord> writer) {
        this.writer = writer;
    }

    /** A new file. */
    public static RecordContainer create(Path file) throws IOException {
        DataFileWriter<GenericRecord> writer = new DataFileWriter<>(new GenericDatumWriter<>(SCHEMA));
        writer.setCodec(CodecFactory.deflateCodec(DEFLATE_LEVEL));
        writer.create(SCHEMA, Files.newOutputStream(file), SYNC);
        return new RecordContainer(writer);
    }

    public void add(BundledRecord record) throws IOException {
        GenericRecord generic = new GenericData.Record(SCHEMA);
        generic.put("partition", record.partition());
        generic.put("offset", record.offset());
        generic.put("timestamp", record.timestamp());
        generic.put("key", wrapped(record.key()));
        generic.put("value", wrapped(record.value()));
        generic.put("json", record.json());
        writer.append(generic);
        records++;
    }

    /** How many are added. */
    public long records() {
        return records;
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }

    /** Hands over every record of a file, in order; throws {@link UnreadableRecordException} where it is damaged. */
    public static void read(Path file, Consumer<BundledRecord> reader) throws IOException {
        try (DataFileReader<GenericRecord> records =
                new DataFileReader<>(file.toFile(), new GenericDatumReader<>(null, SCHEMA))) {
            for (GenericRecord record : records) {
                Object json = record.get("json");
                reader.accept(new BundledRecord(
                        (Integer) record.get("partition"),
                        (Long) record.get("offset"),
                        (Long) record.get("timestamp"),
                        unwrapped(record.get("key")),
                        unwrapped(record.get("value")),
                        json == null ? null : json.toString()));
            }
        } catch (AvroRuntimeException e) {
            throw new UnreadableRecordException("damaged container file " + file.getFileName(), e);
        }
    }

    private static @Nullable ByteBuffer wrapped(byte @Nullable [] bytes) {
        return bytes == null ? null : ByteBuffer.wrap(bytes);
    }

    private static byte @Nullable [] unwrapped(@Nullable Object value) {
        if (value == null) {
            return null;
        }
        ByteBuffer buffer = (ByteBuffer) value;
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }
}
