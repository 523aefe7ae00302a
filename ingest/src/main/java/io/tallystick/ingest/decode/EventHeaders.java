package io.tallystick.ingest.decode;

import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The headers of one message, in order; a name may stand there more than once. */
@FunctionalInterface
public interface EventHeaders {

    EventHeaders NONE = visitor -> {};

    void forEach(BiConsumer<String, byte @Nullable []> visitor);
}
