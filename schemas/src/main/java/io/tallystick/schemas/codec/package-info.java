/** How records become bytes: Avro with single-object encoding, one codec per record type; catalogue documents. */
@NullMarked
package io.tallystick.schemas.codec;

import org.jspecify.annotations.NullMarked;
