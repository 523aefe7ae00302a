package io.tallystick.schemas.codec;

import io.tallystick.schemas.catalog.CatalogDocument;
import io.tallystick.schemas.catalog.CatalogError;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the texts that catalogues are written in, YAML or JSON, into documents of JDK values. Nothing is thrown for a bad text: it is a document with an error. */
public final class CatalogDocuments {

    /** Longest text of one source, in bytes. */
    public static final int SOURCE_BYTES_MAX = 4 * 1024 * 1024;

    private static final char BYTE_ORDER_MARK = '\ufeff';

    private CatalogDocuments() {}

    /** A text with the name that its errors are reported under: a file's name, or "" for one that comes alone. */
    public static final class Source {
        private final String name;
        private final byte[] bytes;

        public Source(String name, byte[] bytes) {
            this.name = name;
            this.bytes = bytes.clone();
        }
    }

    /** All documents of one text. */
    public static List<CatalogDocument> read(byte[] bytes) {
        return read(List.of(new Source("", bytes)));
    }

    /** All documents of several texts, which are applied together. Paths of errors begin with the name of the text where there are several. */
    public static List<CatalogDocument> read(List<Source> sources) {
        List<CatalogDocument> documents = new ArrayList<>();
        for (Source source : sources) {
            String name = sources.size() > 1 ? source.name + ": " : "";
            read(source, name, documents);
        }
        return documents;
    }

    /** Exactly one JSON value, as the lines of {@code price} and the records of our own topics are. */
    public static CatalogDocument json(String text) {
        try {
            List<@Nullable Object> trees = JsonTrees.read(text);
            if (trees.size() == 1) {
                return new CatalogDocument("", trees.get(0), null);
            }
            return failed("", new CatalogError("", "expected one JSON value but found " + trees.size()));
        } catch (DocumentSyntaxException e) {
            return failed("", e);
        }
    }

    private static void read(Source source, String name, List<CatalogDocument> documents) {
        if (source.bytes.length > SOURCE_BYTES_MAX) {
            String message = "a catalogue is at most " + SOURCE_BYTES_MAX + " bytes, this is " + source.bytes.length;
            documents.add(failed(name, new CatalogError(name, message)));
            return;
        }
        try {
            List<@Nullable Object> trees = trees(text(source.bytes));
            for (int i = 0; i < trees.size(); i++) {
                String prefix = trees.size() > 1 ? name + "document " + (i + 1) + ": " : name;
                documents.add(new CatalogDocument(prefix, trees.get(i), null));
            }
        } catch (DocumentSyntaxException e) {
            documents.add(failed(name, e));
        }
    }

    /**
     * YAML takes most of JSON, but not all (tabs between tokens), and explains its mistakes less well. So what looks like JSON is read as that first;
     * if it is neither, the error is told by whichever reader came further.
     */
    private static List<@Nullable Object> trees(String text) {
        String start = text.stripLeading();
        if (!start.startsWith("{") && !start.startsWith("[")) {
            return YamlTrees.read(text);
        }
        try {
            return JsonTrees.read(text);
        } catch (DocumentSyntaxException asJson) {
            try {
                return YamlTrees.read(text);
            } catch (DocumentSyntaxException asYaml) {
                throw asYaml.isBehind(asJson) ? asYaml : asJson;
            }
        }
    }

    private static String text(byte[] bytes) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw new DocumentSyntaxException(1, 1, "the text is not UTF-8");
        }
    }

    private static CatalogDocument failed(String name, DocumentSyntaxException e) {
        return failed(name, new CatalogError(name + e.place(), String.valueOf(e.getMessage())));
    }

    private static CatalogDocument failed(String name, CatalogError error) {
        return new CatalogDocument(name, null, error);
    }
}
