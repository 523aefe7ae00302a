package io.tallystick.ingest.stream;

/** Counts of one task while records come in. */
final class Counting {

    private long read;
    private long accepted;
    private long duplicates;
    private long rejected;
    private long forwarded;
    private long receivedRead;
    private long receivedAccepted;
    private long receivedDuplicates;
    private long receivedRejected;

    Counting(Counts start) {
        read = start.read();
        accepted = start.accepted();
        duplicates = start.duplicates();
        rejected = start.rejected();
        forwarded = start.forwarded();
        receivedRead = start.received().read();
        receivedAccepted = start.received().accepted();
        receivedDuplicates = start.received().duplicates();
        receivedRejected = start.received().rejected();
    }

    void read(boolean received) {
        if (received) {
            receivedRead++;
        } else {
            read++;
        }
    }

    void accepted(boolean received) {
        if (received) {
            receivedAccepted++;
        } else {
            accepted++;
        }
    }

    void duplicate(boolean received) {
        if (received) {
            receivedDuplicates++;
        } else {
            duplicates++;
        }
    }

    void rejected(boolean received) {
        if (received) {
            receivedRejected++;
        } else {
            rejected++;
        }
    }

    void forwarded() {
        forwarded++;
    }

    Counts now() {
        return new Counts(
                read,
                accepted,
                duplicates,
                rejected,
                forwarded,
                new Counts.Received(receivedRead, receivedAccepted, receivedDuplicates, receivedRejected));
    }
}
