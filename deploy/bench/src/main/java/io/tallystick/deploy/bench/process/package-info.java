/** What is measured runs in processes of its own, so that its processor time and memory can be told apart. */
@NullMarked
package io.tallystick.deploy.bench.process;

import org.jspecify.annotations.NullMarked;
