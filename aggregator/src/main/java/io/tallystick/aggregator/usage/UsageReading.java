package io.tallystick.aggregator.usage;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/** Where the windows of tenants are read: in this process, or in another one that holds the tenant. */
public interface UsageReading {

    /** Where the process that holds the tenant's windows answers; empty when that is this one. */
    Optional<URI> holder(String tenant);

    /**
     * Reads one tenant's windows of one meter, which are valid inside {@code question} only. Throws {@code RequestRefused} with 503 while there is no right
     * answer: the store is being restored, or is on its way to another process.
     */
    <T> T read(String tenant, String meter, Function<Windows, T> question);

    /**
     * Which process holds which partitions, every partition once; the empty one is this process. Throws {@code RequestRefused} with 503 while a partition
     * is held by nobody.
     */
    Map<Optional<URI>, Set<Integer>> holders();

    /** Each tenant that has a log in the partitions, all of which this process must hold; throws {@code RequestRefused} with 503 where it does not. */
    void everyTenant(Set<Integer> partitions, Consumer<String> tenant);
}
