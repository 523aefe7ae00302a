/** The whole pipeline and each part of it, against a plain copy and against the textbook topology. */
@NullMarked
package io.tallystick.deploy.bench.pipeline;

import org.jspecify.annotations.NullMarked;
