package io.tallystick.deploy.verify.aggregator;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallystick.deploy.verify.SharedUp;
import io.tallystick.deploy.verify.TestingCommand;
import io.tallystick.deploy.verify.TestingUp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A supplier's export against what several tenants have used together, through the command line. */
@ExtendWith(SharedUp.class)
class ReconcileCostIT {

    private static final String CATALOG = """
            meters:
              - meter: cost_tokens
                eventType: cost.completion
                aggregation: sum
                value: $.tokens
                dimensions: {model: $.model}
            """;

    @Test
    void daysThatDriftAreListedAndFailTheCheck(TestingUp up, @TempDir Path directory) throws IOException {
        Path catalog = Files.writeString(directory.resolve("catalog.yaml"), CATALOG);
        List<String> events = new ArrayList<>();
        for (int tenant = 0; tenant < 5; tenant++) {
            events.add(event(tenant, "2026-04-01T00:00:00Z", "large", "100.5"));
            events.add(event(tenant, "2026-04-01T23:59:59.999Z", "small", "10"));
            events.add(event(tenant, "2026-04-02T00:00:00Z", "large", "1000"));
        }
        Path log = Files.write(directory.resolve("events.jsonl"), events);
        assertThat(TestingCommand.run("apply", catalog.toString(), "--url", up.url())
                        .exit())
                .isZero();
        assertThat(TestingCommand.run("send", log.toString(), "--url", up.url()).exit())
                .isZero();
        for (int tenant = 0; tenant < 5; tenant++) {
            up.service().awaitTotal("cost_tokens", "cost-" + tenant, "1110.5");
        }

        TestingCommand agrees = reconcile(up, directory, "502.5", "50", "5750");
        assertThat(agrees.exit()).as(agrees.errors()).isZero();
        assertThat(agrees.output()).contains("all 3 figures of cost_tokens are within 15 %");

        TestingCommand drifts = reconcile(up, directory, "502.5", "43", "5750");
        assertThat(drifts.exit()).isEqualTo(1);
        assertThat(drifts.output()).contains("2026-04-01", "model=small", "43", "50", "16.3 %");
        assertThat(drifts.output()).doesNotContain("model=large");
        assertThat(drifts.errors()).contains("1 of 3 figures are more than 15 % off");
    }

    private static TestingCommand reconcile(TestingUp up, Path directory, String... figures) throws IOException {
        Path file = Files.writeString(directory.resolve("supplier.csv"), """
                date,organization,model,tokens
                2026-04-01,ours,large,%s
                2026-04-01,ours,small,%s
                2026-04-02,ours,large,%s
                """.formatted((Object[]) figures));
        return TestingCommand.run(
                "reconcile",
                "cost",
                "--file",
                file.toString(),
                "--meter",
                "cost_tokens",
                "--day-column",
                "date",
                "--quantity-column",
                "tokens",
                "--dimension",
                "model=model",
                "--url",
                up.url());
    }

    private static String event(int tenant, String time, String model, String tokens) {
        return """
                {"specversion":"1.0","id":"%s-%s","source":"cost","type":"cost.completion","subject":"cost-%d",\
                "time":"%s","data":{"model":"%s","tokens":"%s"}}""".formatted(time, model, tenant, time, model, tokens);
    }
}
