/** What all stages share of Kafka Streams: the pre-commit hook, the commit pacing, the RocksDB budget, who holds a tenant. */
@NullMarked
package io.tallystick.schemas.stream;

import org.jspecify.annotations.NullMarked;
