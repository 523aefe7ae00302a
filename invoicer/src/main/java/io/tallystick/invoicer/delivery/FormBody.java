package io.tallystick.invoicer.delivery;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** A form's body, its fields in the order they were put. */
public final class FormBody {

    private final StringBuilder text = new StringBuilder();

    /** @param name with its brackets, which stay as they are */
    public FormBody put(String name, String value) {
        if (text.length() > 0) {
            text.append('&');
        }
        text.append(name).append('=').append(URLEncoder.encode(value, StandardCharsets.UTF_8));
        return this;
    }

    /** Puts a placeholder, which is replaced when the request is sent. */
    FormBody putPlaceholder(String name, String placeholder) {
        if (text.length() > 0) {
            text.append('&');
        }
        text.append(name).append('=').append(placeholder);
        return this;
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
