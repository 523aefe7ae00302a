package io.tallystick.deploy.verify.architecture.broken.schemas.topic;

import io.tallystick.deploy.verify.architecture.broken.rater.stream.Rates;

record SchemaThatAsksTheRater(Rates rates) {}
