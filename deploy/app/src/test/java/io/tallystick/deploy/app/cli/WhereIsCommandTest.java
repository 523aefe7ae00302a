package io.tallystick.deploy.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class WhereIsCommandTest {

    private static final JsonMapper JSON = new JsonMapper();

    @Test
    void saysThatAnIdempotencyKeyHidesAnEventFromItsId() throws Exception {
        String unknown = "{\"outcome\":\"unknown\"}";

        assertThat(shown(unknown, true)).startsWith("unknown;").contains("--idempotency-key");
        assertThat(shown(unknown, false)).isEqualTo("unknown");
        assertThat(shown("{\"outcome\":\"rejected\"}", true)).isEqualTo("rejected");
    }

    @Test
    void saysWhatALateEventHasDone() throws Exception {
        assertThat(late("\"effect\":\"adjusted\",\"invoice\":\"a-2026-05-01\",\"line\":3"))
                .contains("late for the period's invoice; on a-2026-05-01, line 3");
        assertThat(late("\"effect\":\"reported\"")).contains("late for the period's invoice; reported only");
        assertThat(late("\"effect\":\"none\"")).contains("late for the period's invoice; changed no amount");
        assertThat(late("\"effect\":\"pending\"")).contains("late for the period's invoice; for the next close");
        assertThat(late("\"effect\":\"unbooked\"")).contains("late for the period's invoice; no invoice books it");
    }

    private static String late(String fields) throws Exception {
        return shown(
                "{\"outcome\":\"accepted\",\"accepted\":[{\"readings\":[{\"meter\":\"m\",\"lines\":[{\"state\":\"late\","
                        + fields + "}]}]}]}",
                true);
    }

    private static String shown(String found, boolean isById) throws Exception {
        StringWriter out = new StringWriter();
        WhereIsCommand.show(JSON.readTree(found), isById, new PrintWriter(out, true));
        return out.toString().strip();
    }
}
