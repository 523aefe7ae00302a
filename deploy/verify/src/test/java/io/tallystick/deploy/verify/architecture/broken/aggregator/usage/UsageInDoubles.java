package io.tallystick.deploy.verify.architecture.broken.aggregator.usage;

import java.math.BigDecimal;

final class UsageInDoubles {

    double field;
    Float boxed = 1f;
    double[][] array = {};

    int taken(double value) {
        return value > 0 ? 1 : 0;
    }

    double given() {
        return field;
    }

    boolean local(BigDecimal value) {
        double local = value.doubleValue();
        return local > 0;
    }
}
