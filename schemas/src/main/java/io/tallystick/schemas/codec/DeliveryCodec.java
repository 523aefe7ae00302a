package io.tallystick.schemas.codec;

import io.tallystick.schemas.event.Delivery;
import io.tallystick.schemas.event.Delivery.Step;
import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

final class DeliveryCodec implements AvroCodec<Delivery> {

    private static final Schema SCHEMA = AvroSchemas.load("Delivery");
    private static final AvroEnum<Delivery.Action> ACTION = AvroEnum.of(
            Delivery.Action.class,
            SCHEMA.getField("steps")
                    .schema()
                    .getElementType()
                    .getField("action")
                    .schema()
                    .getEnumSymbols());

    @Override
    public Class<Delivery> type() {
        return Delivery.class;
    }

    @Override
    public Schema schema() {
        return SCHEMA;
    }

    @Override
    public void write(Delivery value, Encoder encoder) throws IOException {
        encoder.writeString(value.id());
        encoder.writeString(value.tenant());
        encoder.writeString(value.subscription());
        encoder.writeString(value.provider());
        encoder.writeString(value.mode());
        encoder.writeString(value.customer());
        encoder.writeString(value.meter());
        encoder.writeString(value.invoice());
        AvroFields.writePeriod(value.period(), encoder);
        encoder.writeString(value.currency());
        AvroFields.writeDecimal(value.expected(), encoder);
        AvroFields.writeList(value.steps(), DeliveryCodec::writeStep, encoder);
        encoder.writeString(value.after());
        encoder.writeString(value.refusal());
    }

    @Override
    public Delivery read(Decoder decoder) throws IOException {
        return new Delivery(
                decoder.readString(),
                decoder.readString(),
                decoder.readString(),
                decoder.readString(),
                decoder.readString(),
                decoder.readString(),
                decoder.readString(),
                decoder.readString(),
                AvroFields.readPeriod(decoder),
                decoder.readString(),
                AvroFields.readDecimal(decoder),
                AvroFields.readList(DeliveryCodec::readStep, decoder),
                decoder.readString(),
                decoder.readString());
    }

    private static void writeStep(Step step, Encoder encoder) throws IOException {
        ACTION.write(step.action(), encoder);
        encoder.writeString(step.path());
        encoder.writeString(step.body());
        encoder.writeString(step.identity());
    }

    private static Step readStep(Decoder decoder) throws IOException {
        return new Step(ACTION.read(decoder), decoder.readString(), decoder.readString(), decoder.readString());
    }
}
