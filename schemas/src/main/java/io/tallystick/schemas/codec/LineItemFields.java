package io.tallystick.schemas.codec;

import io.tallystick.schemas.event.LineItem;
import io.tallystick.schemas.value.Fraction;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

/** How a {@link LineItem} is written inside the records that carry one. */
final class LineItemFields {

    private static final AvroEnum<LineItem.Kind> KIND =
            AvroEnum.of(LineItem.Kind.class, List.of("FEE", "USAGE", "UNRATED", "TRUE_UP", "ADJUSTMENT", "CREDIT"));

    private LineItemFields() {}

    static void write(LineItem line, Encoder encoder) throws IOException {
        encoder.writeString(line.line());
        KIND.write(line.kind(), encoder);
        encoder.writeString(line.charge());
        AvroFields.writeOptional(line.meter(), AvroFields::writeText, encoder);
        encoder.writeString(line.description());
        AvroFields.writeDimensions(line.dimensions(), encoder);
        AvroFields.writeOptional(line.metered(), AvroFields::writeDecimal, encoder);
        AvroFields.writeOptional(line.quantity(), AvroFields::writeDecimal, encoder);
        AvroFields.writeOptional(line.included(), AvroFields::writeDecimal, encoder);
        AvroFields.writeOptional(line.billable(), AvroFields::writeDecimal, encoder);
        AvroFields.writeOptional(line.unitPrice(), AvroFields::writeDecimal, encoder);
        AvroFields.writeDecimal(line.amount(), encoder);
        encoder.writeBytes(line.exact().numerator().toByteArray());
        encoder.writeBytes(line.exact().denominator().toByteArray());
        encoder.writeString(line.pricingVersion());
        AvroFields.writePeriod(line.period(), encoder);
        AvroFields.writeList(line.tiers(), LineItemFields::writeTier, encoder);
        AvroFields.writeOptional(line.adjusts(), LineItemFields::writeAdjusts, encoder);
    }

    static LineItem read(Decoder decoder) throws IOException {
        return new LineItem(
                decoder.readString(),
                KIND.read(decoder),
                decoder.readString(),
                AvroFields.readOptional(AvroFields::readText, decoder),
                decoder.readString(),
                AvroFields.readDimensions(decoder),
                AvroFields.readOptional(AvroFields::readDecimal, decoder),
                AvroFields.readOptional(AvroFields::readDecimal, decoder),
                AvroFields.readOptional(AvroFields::readDecimal, decoder),
                AvroFields.readOptional(AvroFields::readDecimal, decoder),
                AvroFields.readOptional(AvroFields::readDecimal, decoder),
                AvroFields.readDecimal(decoder),
                readFraction(decoder),
                decoder.readString(),
                AvroFields.readPeriod(decoder),
                AvroFields.readList(LineItemFields::readTier, decoder),
                AvroFields.readOptional(LineItemFields::readAdjusts, decoder));
    }

    private static Fraction readFraction(Decoder decoder) throws IOException {
        BigInteger numerator = readInteger(decoder);
        return new Fraction(numerator, readInteger(decoder));
    }

    private static BigInteger readInteger(Decoder decoder) throws IOException {
        ByteBuffer bytes = decoder.readBytes(null);
        byte[] twosComplement = new byte[bytes.remaining()];
        bytes.get(twosComplement);
        return new BigInteger(twosComplement);
    }

    private static void writeTier(LineItem.TierSlice tier, Encoder encoder) throws IOException {
        AvroFields.writeOptional(tier.upTo(), AvroFields::writeDecimal, encoder);
        AvroFields.writeDecimal(tier.quantity(), encoder);
        AvroFields.writeOptional(tier.unitPrice(), AvroFields::writeDecimal, encoder);
        AvroFields.writeOptional(tier.rate(), AvroFields::writeDecimal, encoder);
        AvroFields.writeDecimal(tier.flat(), encoder);
        AvroFields.writeDecimal(tier.amount(), encoder);
    }

    private static LineItem.TierSlice readTier(Decoder decoder) throws IOException {
        return new LineItem.TierSlice(
                AvroFields.readOptional(AvroFields::readDecimal, decoder),
                AvroFields.readDecimal(decoder),
                AvroFields.readOptional(AvroFields::readDecimal, decoder),
                AvroFields.readOptional(AvroFields::readDecimal, decoder),
                AvroFields.readDecimal(decoder),
                AvroFields.readDecimal(decoder));
    }

    private static void writeAdjusts(LineItem.Adjusts adjusts, Encoder encoder) throws IOException {
        AvroFields.writePeriod(adjusts.period(), encoder);
        encoder.writeString(adjusts.line());
        encoder.writeString(adjusts.pricingVersion());
    }

    private static LineItem.Adjusts readAdjusts(Decoder decoder) throws IOException {
        return new LineItem.Adjusts(AvroFields.readPeriod(decoder), decoder.readString(), decoder.readString());
    }
}
