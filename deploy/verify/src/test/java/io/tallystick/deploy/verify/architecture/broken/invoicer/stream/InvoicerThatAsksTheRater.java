package io.tallystick.deploy.verify.architecture.broken.invoicer.stream;

import io.tallystick.deploy.verify.architecture.broken.rater.stream.Rates;

record InvoicerThatAsksTheRater(Rates rates) {}
