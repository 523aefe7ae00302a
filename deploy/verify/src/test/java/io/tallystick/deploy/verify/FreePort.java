package io.tallystick.deploy.verify;

import io.tallystick.deploy.app.kafka.Ports;
import java.util.HashSet;
import java.util.Set;

/** Ports of 127.0.0.1 that nobody holds, none of them twice. */
final class FreePort {

    private static final Set<Integer> GIVEN = new HashSet<>();

    private FreePort() {}

    static synchronized int next() {
        int port = Ports.free();
        while (!GIVEN.add(port)) {
            port = Ports.free();
        }
        return port;
    }
}
