package io.tallystick.deploy.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The first thing that anyone runs: it ends by itself, and the same seed gives the same bill. */
class DemoIT {

    @Test
    void theSameSeedPrintsTheSameInvoicesAndDigests() {
        TestingCommand first = TestingCommand.run("demo", "--once");
        TestingCommand second = TestingCommand.run("demo", "--once");

        assertThat(first.exit()).as(first.errors()).isZero();
        assertThat(second.exit()).as(second.errors()).isZero();
        assertThat(second.output()).isEqualTo(first.output());
        assertThat(first.output()).contains("accepted", "duplicate", "rejected");
        assertThat(Pattern.compile("sha256:[0-9a-f]{64}")
                        .matcher(first.output())
                        .results())
                .as("a full digest for each invoice")
                .hasSizeGreaterThanOrEqualTo(3);
        assertThat(Pattern.compile("INV-\\d{4}-\\d{2}-\\S+-1")
                        .matcher(first.output())
                        .results())
                .hasSizeGreaterThanOrEqualTo(3);
    }
}
