package io.tallystick.invoicer.provider;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallystick.invoicer.provider.ProviderHttp.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What Stripe says of meter events that it took and could not use. A webhook only names the report; it is read here. */
public final class StripeMeterErrors {

    private static final Pattern EVENT = Pattern.compile("[A-Za-z0-9_-]{1,255}");

    private final StripeApi api;

    public StripeMeterErrors(StripeApi api) {
        this.api = api;
    }

    /**
     * A report.
     *
     * @param count how many events it is about; more than there are samples
     * @param summary for people
     */
    public record Report(long count, String summary, List<Sample> samples) {
        public Report {
            samples = List.copyOf(samples);
        }
    }

    /** One of the events. */
    public record Sample(String identifier, String code, String message) {}

    /** @param event as the webhook names it */
    public Report read(String event) throws ProviderSilentException, InterruptedException {
        if (!EVENT.matcher(event).matches()) {
            return new Report(0, "the report has no readable name", List.of());
        }
        Reply reply = api.get("/v2/core/events/" + event);
        if (reply.status() == 404) {
            return new Report(0, "Stripe does not know the report " + event, List.of());
        }
        if (!reply.isSuccess()) {
            throw new ProviderSilentException("Stripe answered with status " + reply.status());
        }
        JsonNode data = reply.body().path("data");
        List<Sample> samples = new ArrayList<>();
        for (JsonNode type : data.at("/reason/error_types")) {
            for (JsonNode sample : type.path("sample_errors")) {
                samples.add(new Sample(
                        sample.at("/request/identifier").asText(""),
                        type.path("code").asText(""),
                        sample.path("error_message").asText("")));
            }
        }
        return new Report(
                data.at("/reason/error_count").asLong(samples.size()),
                data.path("developer_message_summary").asText(""),
                samples);
    }
}
