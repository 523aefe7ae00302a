/** Measurements that anyone can run: {@code deploy/tallystick bench}. */
@NullMarked
package io.tallystick.deploy.bench;

import org.jspecify.annotations.NullMarked;
