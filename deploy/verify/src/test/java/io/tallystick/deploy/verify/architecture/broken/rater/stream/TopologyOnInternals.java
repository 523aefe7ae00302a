package io.tallystick.deploy.verify.architecture.broken.rater.stream;

import org.apache.kafka.streams.processor.internals.ProcessorNode;

record TopologyOnInternals(ProcessorNode<?, ?, ?, ?> node) {}
