package io.tallystick.deploy.verify.architecture.broken.ingest.stream;

final class TopologyThatTellsATopic {

    String message() {
        return "usage.events has no partition";
    }
}
