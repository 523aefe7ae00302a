package io.tallystick.deploy.app.server;

import java.nio.ByteBuffer;
import java.util.List;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Problems with requests that are broken before any route sees them: a malformed address, headers without end. */
final class JettyProblems implements Request.Handler {

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        int status = response.getStatus();
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, Problems.CONTENT_TYPE);
        byte[] body = Problems.json(
                status, String.valueOf(HttpStatus.getMessage(status)), "the request cannot be understood", List.of());
        response.write(true, ByteBuffer.wrap(body), callback);
        return true;
    }
}
