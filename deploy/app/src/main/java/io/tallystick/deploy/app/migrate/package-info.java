/** Moves a space into another one with another number of partitions. */
@NullMarked
package io.tallystick.deploy.app.migrate;

import org.jspecify.annotations.NullMarked;
