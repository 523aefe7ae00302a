package io.tallystick.schemas.topic;

import java.util.regex.Pattern;

/**
 * A named world of topics, applications and directories. Two spaces on one cluster never touch: replays, shadow runs and
 * migrations to another partition count each have a space of their own.
 */
public record Space(String name) {

    private static final Pattern NAME = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");
    private static final int NAME_LENGTH_MAX = 64;

    // Behind what its constructor reads.
    public static final Space DEFAULT = new Space("default");

    public Space {
        if (name.length() > NAME_LENGTH_MAX || !NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("a space is named in lower case, digits and single dashes, at most "
                    + NAME_LENGTH_MAX + " characters: " + name);
        }
    }

    /** The full name of a topic of this space: bare in the default space, prefixed in every other. */
    public String topicName(String topic) {
        return equals(DEFAULT) ? topic : name + "." + topic;
    }

    /** The Kafka Streams application of a stage. */
    public String applicationId(String stage) {
        return name + "." + stage;
    }
}
