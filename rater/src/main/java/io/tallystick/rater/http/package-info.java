/** What the rater answers over HTTP: charges of the open periods, prices of single requests. */
@NullMarked
package io.tallystick.rater.http;

import org.jspecify.annotations.NullMarked;
