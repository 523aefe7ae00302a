package io.tallystick.deploy.app.kafka;

import io.tallystick.deploy.app.Failure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** TCP ports of this machine, looked at before anything slow starts on them. */
public final class Ports {

    private Ports() {}

    /** A port of 127.0.0.1 that nobody held a moment ago. */
    public static int free() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code port} itself when nobody listens on it, or a free one for 0; a Failure that names {@code option} when it is taken. */
    public static int available(String host, int port, String option) {
        if (port == 0) {
            return free();
        }
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true); // a port whose last connections are still fading is free for a server
            socket.bind(new InetSocketAddress(InetAddress.getByName(host), port), 1);
            return port;
        } catch (IOException | IllegalArgumentException e) {
            throw Failure.wrongInput(
                    "port " + port + " on " + host + " cannot be taken (" + e.getMessage() + ")",
                    "choose another with " + option + ", 0 for any free one",
                    e);
        }
    }
}
