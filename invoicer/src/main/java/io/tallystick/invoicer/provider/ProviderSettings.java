package io.tallystick.invoicer.provider;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * How providers are reached, from settings by the names of their environment variables. It holds secrets and prints none.
 */
public final class ProviderSettings {

    private static final long SANDBOX_PER_SECOND = 20; // of 25
    private static final long LIVE_PER_SECOND = 80; // of 100
    private static final long PAYSTACK_PER_SECOND = 10; // it publishes no limit
    private static final long STREAM_PER_SECOND = 8_000; // events, of 10,000
    private static final int THREADS = 8;

    private final Function<String, Optional<String>> settings;
    private final boolean live;

    private ProviderSettings(Function<String, Optional<String>> settings, boolean live) {
        this.settings = settings;
        this.live = live;
    }

    /** Nothing is set: deliveries wait. */
    public static ProviderSettings none() {
        return new ProviderSettings(name -> Optional.empty(), false);
    }

    /**
     * Reads the settings; an IllegalArgumentException, without any secret in it, for those that do not go together.
     *
     * @param settings by name; "" counts as not set
     * @param live whether real money may be asked for
     */
    public static ProviderSettings of(Function<String, Optional<String>> settings, boolean live) {
        ProviderSettings read = new ProviderSettings(
                name -> settings.apply(name).map(String::trim).filter(s -> !s.isEmpty()), live);
        read.requireKind("STRIPE_API_KEY");
        read.requireKind("PAYSTACK_SECRET_KEY");
        read.number("STRIPE_RATE_LIMIT");
        read.number("PAYSTACK_RATE_LIMIT");
        read.number("STRIPE_CONCURRENCY");
        read.number("STRIPE_STREAM_RATE_LIMIT");
        read.isStreaming();
        return read;
    }

    /** Whether real money is asked for. */
    public boolean isLive() {
        return live;
    }

    /** The providers that have a key, by name. */
    public Map<String, PaymentProvider> providers() {
        Map<String, PaymentProvider> providers = new HashMap<>();
        stripe().ifPresent(api -> providers.put(
                "stripe",
                new StripeProvider(
                        api,
                        isStreaming()
                                ? new StripeMeterStream(
                                        api,
                                        settings.apply("STRIPE_METER_EVENTS_BASE")
                                                .orElse("https://meter-events.stripe.com"))
                                : null)));
        paystack().ifPresent(api -> providers.put("paystack", new PaystackProvider(api)));
        return providers;
    }

    /** How fast the worker goes. */
    public DeliveryWorker.Settings worker() {
        return new DeliveryWorker.Settings(
                number("STRIPE_CONCURRENCY").map(Math::toIntExact).orElse(THREADS),
                Map.of(
                        "stripe",
                        number("STRIPE_RATE_LIMIT").orElse(live ? LIVE_PER_SECOND : SANDBOX_PER_SECOND),
                        StripeProvider.STREAM,
                        number("STRIPE_STREAM_RATE_LIMIT").orElse(STREAM_PER_SECOND),
                        "paystack",
                        number("PAYSTACK_RATE_LIMIT").orElse(PAYSTACK_PER_SECOND)));
    }

    public Optional<StripeApi> stripe() {
        return settings.apply("STRIPE_API_KEY")
                .map(key -> new StripeApi(
                        settings.apply("STRIPE_API_BASE").orElse("https://api.stripe.com"), new ApiSecret(key)));
    }

    public Optional<PaystackApi> paystack() {
        return settings.apply("PAYSTACK_SECRET_KEY")
                .map(key -> new PaystackApi(
                        settings.apply("PAYSTACK_API_BASE").orElse("https://api.paystack.co"), new ApiSecret(key)));
    }

    /** What Stripe signs webhooks with: two while they are rolled. */
    public List<ApiSecret> stripeWebhookSecrets() {
        List<ApiSecret> secrets = new ArrayList<>();
        settings.apply("STRIPE_WEBHOOK_SECRET")
                .ifPresent(text -> Arrays.stream(text.split(",", -1))
                        .map(String::trim)
                        .filter(secret -> !secret.isEmpty())
                        .forEach(secret -> secrets.add(new ApiSecret(secret))));
        return secrets;
    }

    /** What Paystack signs webhooks with: its API key. */
    public List<ApiSecret> paystackWebhookSecrets() {
        return settings.apply("PAYSTACK_SECRET_KEY")
                .map(ApiSecret::new)
                .map(List::of)
                .orElse(List.of());
    }

    private boolean isStreaming() {
        return switch (settings.apply("STRIPE_METER_EVENTS").orElse("single")) {
            case "single" -> false;
            case "stream" -> true;
            default -> throw new IllegalArgumentException("STRIPE_METER_EVENTS is single or stream");
        };
    }

    private Optional<Long> number(String name) {
        return settings.apply(name).map(text -> {
            if (!text.matches("[0-9]{1,6}")) {
                throw new IllegalArgumentException(name + " is a whole number from 0 to 999999");
            }
            return Long.parseLong(text);
        });
    }

    private void requireKind(String name) {
        Optional<String> key = settings.apply(name);
        if (key.isEmpty()) {
            return;
        }
        if (key.get().startsWith("pk_")) {
            throw new IllegalArgumentException(
                    name + " is a publishable key (pk_…), which may ask for nothing; take the secret one (sk_…)"
                            + (name.startsWith("STRIPE") ? " or a restricted one (rk_…)" : ""));
        }
        boolean isLive = key.get().matches("[a-z]+_live_.*");
        if (isLive && !live) {
            throw new IllegalArgumentException(name + " is a live key, which would ask for real money; say --live");
        }
        if (!isLive && live) {
            throw new IllegalArgumentException(name + " is no live key, and --live is given; take one of the two");
        }
    }
}
