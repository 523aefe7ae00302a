package io.tallystick.deploy.verify.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tallystick.deploy.verify.SharedUp;
import io.tallystick.deploy.verify.TestingUp;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The examples of {@code deploy/docs/producers.md}, run as they stand there, against a service at another address. */
@ExtendWith(SharedUp.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProducersDocIT {

    private static final Path DOCUMENT = Path.of("..", "docs", "producers.md");
    private static final String DOCUMENTED_URL = "http://127.0.0.1:8080";
    private static final String DOCUMENTED_BOOTSTRAP = "127.0.0.1:9092";
    private static final String METER = "documented_seconds";

    private final TestingUp up;

    @TempDir
    private Path directory;

    ProducersDocIT(TestingUp up) {
        this.up = up;
    }

    @BeforeAll
    void publishTheMeter() {
        up.service()
                .putCatalog(
                        "meters: [{meter: documented_seconds, eventType: job.completed, aggregation: sum, value: $.worker_seconds}]")
                .ok();
    }

    @Test
    void theCurlExamplesAreTaken() throws Exception {
        assumeTrue(TestingKcat.isOnThePath("curl"), "curl is not on the PATH");
        List<String> examples = examples("curl", "");
        assertThat(examples).hasSize(3);
        int accepted = 0;
        for (String example : examples) {
            String said = run(List.of("bash", "-c", forTenant("doc-curl", example)));
            assertThat(said).startsWith("{\"accepted\":").endsWith("}");
            accepted += Integer.parseInt(said.replaceAll("\\D", ""));
        }
        assertThat(accepted).isEqualTo(4);
        up.service().awaitTotal(METER, "doc-curl", "16.3"); // 12.3, 0.5, and a batch of 1.5 and 2
    }

    @Test
    void theJavaExampleCompilesAndIsTaken() throws Exception {
        String example = forTenant("doc-java", examples("Java", "java").get(0));
        Path source = directory.resolve("Example.java");
        Files.writeString(source, """
                import static java.nio.charset.StandardCharsets.UTF_8;
                import io.cloudevents.CloudEvent;
                import io.cloudevents.core.builder.CloudEventBuilder;
                import io.cloudevents.kafka.CloudEventSerializer;
                import java.net.URI;
                import java.time.OffsetDateTime;
                import java.util.Map;
                import org.apache.kafka.clients.producer.KafkaProducer;
                import org.apache.kafka.clients.producer.ProducerRecord;
                import org.apache.kafka.common.serialization.StringSerializer;

                public class Example {
                    public static void send(String bootstrap) {
                %s
                    }
                }
                """.formatted(example));
        int failed = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "-proc:none",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-d",
                        directory.toString(),
                        source.toString());
        assertThat(failed).isZero();
        try (URLClassLoader loader = new URLClassLoader(
                new URL[] {directory.toUri().toURL()}, getClass().getClassLoader())) {
            loader.loadClass("Example").getMethod("send", String.class).invoke(null, up.bootstrap());
        }

        up.service().awaitTotal(METER, "doc-java", "12.3");
    }

    @Test
    void thePythonExampleIsTaken() throws Exception {
        String python = Stream.of("python3", "/usr/bin/python3")
                .filter(one -> succeeds(one, "-c", "import confluent_kafka"))
                .findFirst()
                .orElse(null);
        assumeTrue(
                python != null,
                "Python has no confluent_kafka here; install Debian's package python3-confluent-kafka to see what it shows");
        String example = "import json\nfrom confluent_kafka import Producer\nbootstrap = '" + up.bootstrap() + "'\n"
                + forTenant("doc-python", examples("Python", "python").get(0));
        run(List.of(python, "-c", example));

        up.service().awaitTotal(METER, "doc-python", "12.3");
    }

    @Test
    void theKcatExampleIsTaken() throws Exception {
        assumeTrue(TestingKcat.isOnThePath("kcat"), "kcat is not on the PATH; install Debian's package kcat");
        String example =
                forTenant("doc-kcat", examples("A shell", "").get(0)).replace(DOCUMENTED_BOOTSTRAP, up.bootstrap());
        run(List.of("bash", "-c", example));

        up.service().awaitTotal(METER, "doc-kcat", "12.3");
    }

    @Test
    void theNodeExampleIsTaken() throws Exception {
        assumeTrue(
                TestingKcat.isOnThePath("node"),
                "there is no node here; install Debian's package nodejs to see what it shows");
        String event = """
                {specversion: '1.0', id: 'job-8', source: '/workers/7', type: 'job.completed', subject: 'doc-node',
                 data: {worker_seconds: '7.25', status: 'succeeded'}}""";
        String example = "const events = [" + event + "];\n"
                + forTenant("doc-node", examples("Node", "js").get(0));
        run(List.of("node", "--input-type=module", "-e", example));

        up.service().awaitTotal(METER, "doc-node", "7.25");
    }

    /** The code of one language in the section that begins with {@code heading}. */
    private static List<String> examples(String heading, String language) throws IOException {
        String document = Files.readString(DOCUMENT);
        Matcher section =
                Pattern.compile("(?ms)^## " + heading + ".*?(?=^## |\\z)").matcher(document);
        assertThat(section.find()).as(heading).isTrue();
        List<String> examples = new ArrayList<>();
        Matcher code = Pattern.compile("(?ms)^```(\\w*)\\n(.*?)^```$").matcher(section.group());
        while (code.find()) {
            assertThat(code.group(1)).isEqualTo(language);
            examples.add(code.group(2));
        }
        return examples;
    }

    private String forTenant(String tenant, String example) {
        return example.replace("acme", tenant).replace(DOCUMENTED_URL, up.url());
    }

    private static String run(List<String> command) throws Exception {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said.strip();
    }

    private static boolean succeeds(String... command) {
        try {
            return new ProcessBuilder(command)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false; // there is no such command
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }
}
