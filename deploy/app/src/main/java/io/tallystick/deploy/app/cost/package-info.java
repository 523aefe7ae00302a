/** What a supplier says was used, held against what was metered. */
@NullMarked
package io.tallystick.deploy.app.cost;

import org.jspecify.annotations.NullMarked;
