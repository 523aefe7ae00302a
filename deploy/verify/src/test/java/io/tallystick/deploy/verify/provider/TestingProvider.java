package io.tallystick.deploy.verify.provider;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallystick.deploy.verify.Service;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** A {@link FakeStripe} or {@link FakePaystack} in a process of its own. */
final class TestingProvider implements AutoCloseable {

    private final Process process;
    private final String url;

    private TestingProvider(Process process, String url) {
        this.process = process;
        this.url = url;
    }

    static TestingProvider stripe() {
        return start(FakeStripe.class);
    }

    static TestingProvider paystack() {
        return start(FakePaystack.class);
    }

    private static TestingProvider start(Class<?> program) {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                program.getName());
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
            return new TestingProvider(process, "http://127.0.0.1:" + output.readLine());
        } catch (IOException e) {
            throw new AssertionError("the fake does not start", e);
        }
    }

    String url() {
        return url;
    }

    /** What it holds, and how many requests were refused as wrong. */
    JsonNode state() {
        return new Service(url).get("/_fake/state").ok().json();
    }

    /** How much it holds, in a few numbers. */
    JsonNode counts() {
        return new Service(url).get("/_fake/counts").ok().json();
    }

    /** In percent of the requests. */
    void faults(int drop, int limit, int error, long seed) {
        say("faults", "{\"drop\":" + drop + ",\"limit\":" + limit + ",\"error\":" + error + ",\"seed\":" + seed + "}");
    }

    /** From now on every request that changes something is dropped, and carried out so much later. */
    void late(int ms) {
        say("late", "{\"ms\":" + ms + "}");
    }

    /** Reports from now on what becomes of invoices, and collects them: a third twice or more, and up to two seconds late. */
    void reportTo(String webhook, String secret, long seed) {
        say(
                "webhooks",
                "{\"url\":\"" + webhook + "\",\"secret\":\"" + secret + "\",\"duplicate\":33,\"delayMs\":2000,\"seed\":"
                        + seed + "}");
    }

    /** Finds that it cannot use a meter event which it had taken, and reports that. */
    void drop(int event) {
        say("drop", "{\"event\":" + event + "}");
    }

    void advanceHours(int hours) {
        say("advance", "{\"hours\":" + hours + "}");
    }

    /** Somebody pays what an invoice, or a payment request, asks for. */
    void pay(String invoice) {
        say("pay", "{\"invoice\":\"" + invoice + "\"}");
    }

    /** Somebody takes an invoice back at Stripe. */
    void voidInvoice(String invoice) {
        say("void", "{\"invoice\":\"" + invoice + "\"}");
    }

    /** Somebody gives a charge back. */
    void refund(String reference) {
        say("refund", "{\"reference\":\"" + reference + "\"}");
    }

    void alter(String invoice, int by) {
        say("alter", "{\"invoice\":\"" + invoice + "\",\"by\":" + by + "}");
    }

    private void say(String what, String json) {
        new Service(url).post("/_fake/" + what, "application/json", json).ok();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
