package io.tallystick.deploy.app.explain;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tallystick.deploy.app.derive.RecordedLog;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventFinderTest {

    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    private Path directory;

    private RecordedLog log;

    @BeforeEach
    void recordAMonth() {
        log = RecordedMonth.record(directory);
    }

    @Test
    void anAcceptedEventIsFoundInItsWindowAndOnItsInvoice() {
        JsonNode found = find("b", "s", "10");

        assertThat(found.get("outcome").textValue()).isEqualTo("accepted");
        JsonNode event = found.get("accepted").get(0);
        assertThat(event.get("event").get("value").textValue()).contains("\"id\":\"10\"");
        JsonNode units = event.get("readings").get(1);
        assertThat(units.get("meter").textValue()).isEqualTo("month_units");
        assertThat(units.get("value").textValue()).isEqualTo("7");
        assertThat(units.get("windowStart").textValue()).isEqualTo("2026-04-01T16:00:00Z");
        JsonNode line = units.get("lines").get(0);
        assertThat(line.get("state").textValue()).isEqualTo("billed");
        assertThat(line.get("invoice").textValue()).isEqualTo("b-2026-04-01");
        assertThat(line.get("name").textValue()).isEqualTo("usage/units/2026-04-01T00Z/r0/model=x");
        assertThat(line.get("line").intValue()).isPositive();
    }

    @Test
    void everyCopyIsFoundAndWhatBecameOfIt() {
        JsonNode found = find("b", "s", "100"); // three times: as it is, again, and with another content

        assertThat(found.get("outcome").textValue()).isEqualTo("accepted");
        assertThat(found.get("accepted")).hasSize(1);
        assertThat(found.get("duplicates")).hasSize(1);
        assertThat(found.get("rejected")).hasSize(1);
        assertThat(found.get("rejected").get(0).get("reason").textValue()).isEqualTo("conflicting_duplicate");
    }

    @Test
    void aRejectedEventIsFoundWithItsReason() {
        JsonNode found = find("b", "s", "1000");

        assertThat(found.get("outcome").textValue()).isEqualTo("rejected");
        assertThat(found.get("accepted")).isEmpty();
        assertThat(found.get("rejected").get(0).get("reason").textValue()).isEqualTo("invalid_value");
    }

    @Test
    void anEventOfAnotherTenantOrSourceIsUnknown() {
        assertThat(find("a", "s", "10").get("outcome").textValue()).isEqualTo("unknown");
        assertThat(find("b", "other", "10").get("outcome").textValue()).isEqualTo("unknown");
    }

    private JsonNode find(String tenant, String source, String id) {
        return JSON.valueToTree(new EventFinder(log).find(new EventFinder.Wanted(tenant, null, source, id)));
    }
}
