package io.tallystick.deploy.app.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a command reaches a running service. */
final class ServiceOptions {

    @Option(
            names = "--url",
            paramLabel = "URL",
            defaultValue = "${env:TALLYSTICK_URL:-http://127.0.0.1:8080}",
            description = "The service (default: TALLYSTICK_URL, else http://127.0.0.1:8080).")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String url;

    @Option(
            names = "--api-key",
            paramLabel = "KEY",
            defaultValue = "${env:TALLYSTICK_API_KEY}",
            description = "The key to show it (default: TALLYSTICK_API_KEY).")
    private @Nullable String apiKey;

    ServiceClient client() {
        return new ServiceClient(url, apiKey);
    }
}
