package io.tallystick.deploy.app.bundle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tallystick.schemas.topic.Space;
import io.tallystick.schemas.topic.Topics;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What a bundle says it holds.
 *
 * @param period the month in which the invoices' periods start
 */
record BundleManifest(YearMonth period, Topics topics, List<BundledFile> files, List<BundledInvoice> invoices) {

    static final String NAME = "manifest.json";

    private static final int FORMAT = 1;
    /** More than any cluster gives one topic; a replay looks at each. */
    private static final int PARTITIONS_MAX = 10_000;

    private static final Pattern FILE_NAME = Pattern.compile("[a-z]+(-[0-9]{1,5})?\\.avro");
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    /** @param sha256 {@code sha256:} and the hex digits of SHA-256 over the file */
    record BundledFile(String name, long records, String sha256) {}

    /** An invoice of the bundle, with the digest that stands in its place. */
    record BundledInvoice(String id, String digest) {}

    BundleManifest {
        files = List.copyOf(files);
        invoices = List.copyOf(invoices);
    }

    void write(Path directory) throws IOException {
        ObjectNode tree = JSON.createObjectNode();
        tree.put("format", FORMAT);
        tree.put("period", period.toString());
        tree.put("space", topics.space().name());
        tree.put("partitions", topics.partitions());
        ArrayNode list = tree.putArray("files");
        files.forEach(file -> list.addObject()
                .put("name", file.name())
                .put("records", file.records())
                .put("sha256", file.sha256()));
        ArrayNode bills = tree.putArray("invoices");
        invoices.forEach(invoice -> bills.addObject().put("id", invoice.id()).put("digest", invoice.digest()));
        Files.write(directory.resolve(NAME), JSON.writeValueAsBytes(tree));
    }

    /** Throws {@link IllegalArgumentException} for what is no manifest. */
    static BundleManifest read(Path directory) throws IOException {
        JsonNode tree = JSON.readTree(Files.readAllBytes(directory.resolve(NAME)));
        if (tree.path("format").asInt() != FORMAT) {
            throw new IllegalArgumentException("format " + FORMAT + " is expected, not "
                    + tree.path("format").asText("none"));
        }
        List<BundledFile> files = new ArrayList<>();
        for (JsonNode file : tree.path("files")) {
            String name = file.path("name").asText();
            if (!FILE_NAME.matcher(name).matches()) {
                throw new IllegalArgumentException("a file of a bundle is not called '" + name + "'");
            }
            files.add(new BundledFile(
                    name, file.path("records").asLong(), file.path("sha256").asText()));
        }
        List<BundledInvoice> invoices = new ArrayList<>();
        for (JsonNode invoice : tree.path("invoices")) {
            invoices.add(new BundledInvoice(
                    invoice.path("id").asText(), invoice.path("digest").asText()));
        }
        JsonNode partitions = tree.path("partitions");
        if (!partitions.isInt() || partitions.asInt() < 1 || partitions.asInt() > PARTITIONS_MAX) {
            throw new IllegalArgumentException(
                    "partitions is a number from 1 to " + PARTITIONS_MAX + ", not " + partitions.asText("none"));
        }
        Topics topics = new Topics(new Space(tree.path("space").asText()), partitions.asInt());
        try {
            return new BundleManifest(YearMonth.parse(tree.path("period").asText()), topics, files, invoices);
        } catch (java.time.DateTimeException e) {
            throw new IllegalArgumentException("period is no month", e);
        }
    }

    static String sha256(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file);
                DigestInputStream digested = new DigestInputStream(in, MessageDigest.getInstance("SHA-256"))) {
            digested.transferTo(java.io.OutputStream.nullOutputStream());
            return "sha256:"
                    + HexFormat.of().formatHex(digested.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
