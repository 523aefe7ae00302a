package io.tallystick.deploy.verify.architecture.broken.rater.pricing;

import org.slf4j.Logger;

record PriceThatLogs(Logger log) {}
