package io.tallystick.deploy.verify.architecture.broken.ingest.acceptance;

import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

final class AcceptanceByChance {

    boolean random() {
        return new Random().nextBoolean();
    }

    boolean threadLocal() {
        return ThreadLocalRandom.current().nextBoolean();
    }

    UUID uuid() {
        return UUID.randomUUID();
    }

    long math() {
        return Math.round(Math.random());
    }
}
