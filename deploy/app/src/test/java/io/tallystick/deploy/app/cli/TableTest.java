package io.tallystick.deploy.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TableTest {

    @Test
    void columnsAreAlignedAsTheirHeadersSay() {
        Table table = new Table("tenant", "total>").row("acme", "504.11").row("globex", "7.00");

        assertThat(table.toString().lines())
                .contains("| tenant |  total |", "| acme   | 504.11 |", "| globex |   7.00 |");
    }

    @Test
    void escapeSequencesOfATerminalAreNotPrinted() {
        assertThat(new Table("tenant").row("\u001b[2Jacme").toString())
                .contains("?[2Jacme")
                .doesNotContain("\u001b");
    }
}
