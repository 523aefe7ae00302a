package io.tallystick.schemas.codec;

import io.tallystick.schemas.event.Coverage;
import io.tallystick.schemas.event.Cut;
import io.tallystick.schemas.event.PeriodClosed;
import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

final class PeriodClosedCodec implements AvroCodec<PeriodClosed> {

    private static final Schema SCHEMA = AvroSchemas.load("PeriodClosed");

    @Override
    public Class<PeriodClosed> type() {
        return PeriodClosed.class;
    }

    @Override
    public Schema schema() {
        return SCHEMA;
    }

    @Override
    public void write(PeriodClosed value, Encoder encoder) throws IOException {
        encoder.writeString(value.tenant());
        encoder.writeInt(value.shard());
        encoder.writeLong(value.sequence());
        encoder.writeInt(value.revision());
        encoder.writeString(value.subscription());
        AvroFields.writePeriod(value.period(), encoder);
        encoder.writeInt(value.attempt());
        AvroFields.writeOptional(value.cut(), PeriodClosedCodec::writeCut, encoder);
        AvroFields.writeOptional(value.coverage(), PeriodClosedCodec::writeCoverage, encoder);
    }

    @Override
    public PeriodClosed read(Decoder decoder) throws IOException {
        return new PeriodClosed(
                decoder.readString(),
                decoder.readInt(),
                decoder.readLong(),
                decoder.readInt(),
                decoder.readString(),
                AvroFields.readPeriod(decoder),
                decoder.readInt(),
                AvroFields.readOptional(PeriodClosedCodec::readCut, decoder),
                AvroFields.readOptional(PeriodClosedCodec::readCoverage, decoder));
    }

    static void writeCut(Cut cut, Encoder encoder) throws IOException {
        encoder.writeString(cut.log());
        encoder.writeInt(cut.partition());
        encoder.writeLong(cut.offset());
        encoder.writeLong(cut.sequence());
    }

    static Cut readCut(Decoder decoder) throws IOException {
        return new Cut(decoder.readString(), decoder.readInt(), decoder.readLong(), decoder.readLong());
    }

    private static void writeCoverage(Coverage coverage, Encoder encoder) throws IOException {
        encoder.writeLong(coverage.count());
        encoder.writeLong(coverage.hash());
    }

    private static Coverage readCoverage(Decoder decoder) throws IOException {
        return new Coverage(decoder.readLong(), decoder.readLong());
    }
}
