/** A period's invoices with everything they follow from, in files that need no Kafka: {@code export} and {@code replay --from}. */
@NullMarked
package io.tallystick.deploy.app.bundle;

import org.jspecify.annotations.NullMarked;
