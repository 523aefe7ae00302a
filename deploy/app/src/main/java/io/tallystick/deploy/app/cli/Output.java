package io.tallystick.deploy.app.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tallystick.deploy.app.Failure;

/** The one JSON form of results: indented, two blanks, {@code \n}. */
final class Output {

    private static final ObjectWriter JSON = new JsonMapper()
            .writer(new DefaultPrettyPrinter()
                    .withObjectIndenter(new DefaultIndenter("  ", "\n"))
                    .withArrayIndenter(new DefaultIndenter("  ", "\n")));

    private Output() {}

    /** What a command fails with whose results nobody can read: a full disk, or a reader that has gone. */
    static Failure unwritable() {
        return Failure.wrongInput(
                "standard output cannot be written, so results are missing",
                "look whether the disk is full or the reader has ended, and run it again");
    }

    static String json(JsonNode tree) {
        try {
            return JSON.writeValueAsString(tree);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
