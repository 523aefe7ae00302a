package io.tallystick.deploy.verify;

import java.util.Random;

/** Where the randomness of a proof begins: printed, so that a failure can be had again with {@code -Dproof.seed=…}. */
public final class Seed {

    private static final long CONFIGURED = Long.getLong("proof.seed", 0);

    private Seed() {}

    public static Random random(String proof) {
        long seed = CONFIGURED == 0 ? System.nanoTime() & 0xFFFF_FFFFL : CONFIGURED;
        System.out.println(proof + ": -Dproof.seed=" + seed);
        return new Random(seed);
    }
}
