/** Small benchmarks of single steps, run by JMH. */
@NullMarked
package io.tallystick.deploy.bench.micro;

import org.jspecify.annotations.NullMarked;
