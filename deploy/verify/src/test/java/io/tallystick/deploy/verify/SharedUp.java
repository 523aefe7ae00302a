package io.tallystick.deploy.verify;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives all proofs that leave the process alone one {@link TestingUp}, which takes events of any age. They keep apart by the
 * names of their tenants, meters and plans.
 */
public final class SharedUp implements ParameterResolver {

    /** Started once, ended with the test run. */
    private record Running(Path data, TestingUp up) implements AutoCloseable {

        static Running start() {
            try {
                Path data = Files.createTempDirectory("tallystick-shared");
                return new Running(data, TestingUp.start("shared", data, "--horizon", "P3650D"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() throws IOException {
            up.close();
            try (Stream<Path> files = Files.walk(data)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == TestingUp.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(ExtensionContext.Namespace.create(SharedUp.class))
                .computeIfAbsent(Running.class, type -> Running.start(), Running.class)
                .up();
    }
}
