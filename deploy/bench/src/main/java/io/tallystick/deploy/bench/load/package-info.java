/** Seeded events, the catalogue that counts and prices them, and how they are sent. */
@NullMarked
package io.tallystick.deploy.bench.load;

import org.jspecify.annotations.NullMarked;
