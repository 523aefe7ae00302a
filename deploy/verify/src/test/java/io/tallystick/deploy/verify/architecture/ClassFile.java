package io.tallystick.deploy.verify.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The string constants of a compiled class, which ArchUnit does not keep. */
final class ClassFile {

    private static final int UTF8 = 1;
    private static final int LONG = 5;
    private static final int DOUBLE = 6;
    private static final int STRING = 8;

    private ClassFile() {}

    static List<String> stringsOf(JavaClass type) {
        try (InputStream file = type.getSource().orElseThrow().getUri().toURL().openStream();
                DataInputStream in = new DataInputStream(file)) {
            return strings(in);
        } catch (IOException e) {
            throw new UncheckedIOException("the class file of " + type.getName() + " cannot be read", e);
        }
    }

    private static List<String> strings(DataInputStream in) throws IOException {
        in.skipNBytes(8); // magic and version
        int entries = in.readUnsignedShort();
        Map<Integer, String> texts = new HashMap<>();
        List<Integer> strings = new ArrayList<>();
        for (int i = 1; i < entries; i++) {
            int tag = in.readUnsignedByte();
            switch (tag) {
                case UTF8 -> texts.put(i, in.readUTF());
                case STRING -> strings.add(in.readUnsignedShort());
                default -> in.skipNBytes(sizeOf(tag));
            }
            if (tag == LONG || tag == DOUBLE) {
                i++; // these take two entries
            }
        }
        return strings.stream().map(texts::get).toList();
    }

    private static int sizeOf(int tag) {
        return switch (tag) {
            case 7, 16, 19, 20 -> 2;
            case 15 -> 3;
            case 3, 4, 9, 10, 11, 12, 17, 18 -> 4;
            case LONG, DOUBLE -> 8;
            default -> throw new IllegalStateException("an unknown constant: " + tag);
        };
    }
}
