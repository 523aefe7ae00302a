package io.tallystick.deploy.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class CloseCommandTest {

    private static final String ONE =
            "{\"tenant\":\"acme\",\"subscription\":\"acme\",\"period\":{\"start\":\"2026-04-01T00:00:00Z\",\"end\":\"2026-05-01T00:00:00Z\"}}";

    @Test
    void whereNothingWasAskedForItSaysSo() throws JsonProcessingException {
        assertThat(shown("{\"closing\":[],\"adjusting\":0}")).startsWith("nothing to close: every period");
    }

    @Test
    void whatIsLateOfASubscriptionThatEndedIsNoNothing() throws JsonProcessingException {
        assertThat(shown("{\"closing\":[],\"adjusting\":1}"))
                .startsWith("no period to close: every period")
                .contains("what is late of 1 subscription that ended is booked too");
        assertThat(shown("{\"closing\":[" + ONE + "],\"adjusting\":2}")).contains("acme", "2 subscriptions");
    }

    private static String shown(String answer) throws JsonProcessingException {
        CloseCommand command = new CloseCommand();
        new CommandLine(command).parseArgs("--through", "2026-05-01T00:00:00Z");
        StringWriter text = new StringWriter();
        try (PrintWriter out = new PrintWriter(text)) {
            command.show(new ObjectMapper().readTree(answer), out);
        }
        return text.toString();
    }
}
