package io.tallystick.deploy.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.tallystick.deploy.app.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The file of {@code --config}: options by their names without dashes, which the command line overrides, and settings of
 * providers by the names of their environment variables, which the environment overrides.
 */
final class ConfigFile implements IDefaultValueProvider {

    private static final Pattern ENVIRONMENT = Pattern.compile("(STRIPE|PAYSTACK|ALERT)_[A-Z_]+");
    private static final String OPTION = "--config";

    private final Map<String, String> options = new HashMap<>();

    private ConfigFile() {}

    /** Reads the file that these arguments name, if any; a Failure when it says what {@code command} does not know. */
    static ConfigFile of(CommandSpec command, String... arguments) {
        ConfigFile config = new ConfigFile();
        for (int i = 0; i < arguments.length; i++) {
            if (arguments[i].startsWith(OPTION + "=")) {
                config.read(Path.of(arguments[i].substring(OPTION.length() + 1)), command);
            } else if (arguments[i].equals(OPTION) && i + 1 < arguments.length) {
                config.read(Path.of(arguments[i + 1]), command);
            }
        }
        return config;
    }

    @Override
    @SuppressWarnings("NullAway") // null is picocli's word for none
    public String defaultValue(ArgSpec argument) {
        return argument instanceof OptionSpec option ? options.get(option.longestName()) : null;
    }

    private void read(Path file, CommandSpec command) {
        JsonNode root;
        try (InputStream content = Inputs.open(file)) {
            root = new YAMLMapper().readTree(content);
        } catch (IOException e) {
            throw Inputs.unreadable(file, e);
        }
        if (root == null || !root.isObject()) {
            throw Failure.wrongInput("the file " + file + " has no settings", "write them as 'port: 8080', one a line");
        }
        for (Map.Entry<String, JsonNode> setting : root.properties()) {
            String name = setting.getKey();
            String option = "--" + name;
            if (command.findOption(option) != null && !option.equals(OPTION)) {
                options.put(option, text(setting.getValue()));
            } else if (ENVIRONMENT.matcher(name).matches()) {
                if (System.getenv(name) == null) {
                    System.setProperty(name, text(setting.getValue()));
                }
            } else {
                throw Failure.wrongInput(
                        "'" + name + "' in " + file + " is no setting of '" + command.name() + "'",
                        "see 'tallystick " + command.name() + " --help'");
            }
        }
    }

    private static String text(JsonNode value) {
        if (!value.isArray()) {
            return value.asText();
        }
        List<String> texts = new ArrayList<>();
        value.forEach(element -> texts.add(element.asText()));
        return String.join(",", texts);
    }
}
