/** What ingest answers over HTTP. */
@NullMarked
package io.tallystick.ingest.http;

import org.jspecify.annotations.NullMarked;
