package io.tallystick.rater.pricing;

import io.tallystick.schemas.catalog.Catalog;
import io.tallystick.schemas.catalog.Plan;
import io.tallystick.schemas.catalog.PricingVersion;
import io.tallystick.schemas.catalog.Subscription;
import io.tallystick.schemas.value.Period;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** Which pricing version holds for a subscription, and when: its pin, or else the latest effective one that contains its plan. */
public final class VersionsInForce {

    /** A stretch of time with one version in force. */
    record Part(Period period, PricingVersion version, Plan plan) {}

    private final Subscription subscription;
    /** Those that contain the plan, oldest first. */
    private final List<PricingVersion> versions;

    public VersionsInForce(Catalog catalog, Subscription subscription) {
        this.subscription = subscription;
        String pin = subscription.pricingVersion();
        this.versions = catalog.pricing().values().stream()
                .filter(version -> pin == null || pin.equals(version.version()))
                .filter(version -> version.plan(subscription.plan()).isPresent())
                .sorted(Comparator.comparing(PricingVersion::effectiveFrom).thenComparing(PricingVersion::version))
                .toList();
    }

    /** Empty when no version contains the plan yet. */
    public Optional<PricingVersion> at(Instant instant) {
        if (subscription.pricingVersion() != null) {
            return versions.stream().findFirst();
        }
        PricingVersion latest = null;
        for (PricingVersion version : versions) {
            if (!version.effectiveFrom().isAfter(instant)) {
                latest = version;
            }
        }
        return Optional.ofNullable(latest);
    }

    /** The plan's currency, the same in every version; empty when no version contains the plan. */
    public Optional<String> currency() {
        return versions.stream().map(PricingVersion::currency).findFirst();
    }

    /** {@code period}, cut wherever another version comes into force; time before the first version is in no part. */
    List<Part> parts(Period period) {
        TreeSet<Instant> instants = new TreeSet<>(List.of(period.start(), period.end()));
        for (PricingVersion version : versions) {
            Instant from = version.effectiveFrom();
            if (subscription.pricingVersion() == null && period.contains(from)) {
                instants.add(from);
            }
        }
        List<Instant> cuts = List.copyOf(instants);
        List<Part> parts = new ArrayList<>();
        for (int i = 0; i + 1 < cuts.size(); i++) {
            Period stretch = new Period(cuts.get(i), cuts.get(i + 1));
            at(stretch.start())
                    .ifPresent(version -> version.plan(subscription.plan())
                            .ifPresent(plan -> parts.add(new Part(stretch, version, plan))));
        }
        return parts;
    }

    /** The parts as they would be had an older version stayed in force in place of one of them. */
    List<Part> instead(Part newer, String older, List<Part> parts) {
        PricingVersion version = versions.stream()
                .filter(candidate -> candidate.version().equals(older))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException("no version " + older + " with plan " + subscription.plan()));
        Plan plan = version.plan(subscription.plan()).orElseThrow();
        return parts.stream()
                .map(part -> part.equals(newer) ? new Part(part.period(), version, plan) : part)
                .toList();
    }
}
