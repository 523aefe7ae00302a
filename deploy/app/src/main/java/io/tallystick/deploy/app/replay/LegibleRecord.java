package io.tallystick.deploy.app.replay;

import io.tallystick.deploy.app.Failure;
import io.tallystick.schemas.codec.RecordCodec;
import io.tallystick.schemas.codec.UnreadableRecordException;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A record for whoever can do nothing without it: read, or a Failure that names its place. */
public final class LegibleRecord {

    private LegibleRecord() {}

    public static <T> T content(RecordCodec<T> codec, ConsumerRecord<byte[], byte[]> record) {
        try {
            return codec.decode(record.value());
        } catch (UnreadableRecordException e) {
            throw failure(record, String.valueOf(e.getMessage()));
        }
    }

    /** @param why what about it cannot be understood, without a full stop */
    public static Failure failure(ConsumerRecord<byte[], byte[]> record, String why) {
        return failure(Finding.at(record.topic(), record.partition(), record.offset(), why));
    }

    static Failure failure(Finding finding) {
        return Failure.checkFailed(
                finding.place() + " cannot be read (" + finding.difference() + ")",
                "'tallystick replay' says what else is damaged");
    }
}
