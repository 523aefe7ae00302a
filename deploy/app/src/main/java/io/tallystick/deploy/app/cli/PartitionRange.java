package io.tallystick.deploy.app.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Partitions from one to another, both included. */
record PartitionRange(int first, int last) {

    private static final Pattern TEXT = Pattern.compile("(\\d{1,5})(?:-(\\d{1,5}))?");

    boolean contains(int partition) {
        return first <= partition && partition <= last;
    }

    /** Reads {@code 0-3}, or {@code 5}. */
    static final class Converter implements ITypeConverter<PartitionRange> {
        @Override
        public PartitionRange convert(String value) {
            Matcher text = TEXT.matcher(value);
            if (text.matches()) {
                int first = Integer.parseInt(text.group(1));
                int last = text.group(2) == null ? first : Integer.parseInt(text.group(2));
                if (first <= last) {
                    return new PartitionRange(first, last);
                }
            }
            throw new TypeConversionException("'" + value + "' is no range of partitions, as 0-3");
        }
    }
}
