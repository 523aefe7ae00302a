package io.tallystick.aggregator.usage;

import io.tallystick.aggregator.stream.TestingMeters;
import io.tallystick.schemas.event.RequestRefused;
import io.tallystick.schemas.value.Dimensions;
import io.tallystick.schemas.value.HourWindow;
import io.tallystick.schemas.value.Levels;
import io.tallystick.schemas.value.WindowState;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/** Windows of one tenant, one event each, in a list. */
public final class TestingWindows implements UsageReading {

    /** Set to answer as a store does that is not there. */
    public boolean restoring;

    /** Set to let another process hold the tenant. */
    public Optional<URI> holder = Optional.empty();

    private long sequence;

    private record Window(String meter, Dimensions dimensions, long hour, WindowState state) {}

    private final List<Window> all = new ArrayList<>();

    public void count(String meter, String time) {
        add(meter, time, null, null, Dimensions.NONE);
    }

    public void level(String meter, String time, String level) {
        add(meter, time, new BigDecimal(level), null, Dimensions.NONE);
    }

    public void add(String meter, String time, BigDecimal value, String text, Dimensions dimensions) {
        long millis = Instant.parse(time).toEpochMilli();
        WindowState.Builder window = TestingMeters.meter(meter).windowKind().empty().toBuilder();
        window.add(value, text, millis, ++sequence);
        all.add(new Window(meter, dimensions, HourWindow.hourOf(millis), window.state()));
    }

    public Windows of(String meter) {
        return new Windows() {
            @Override
            public void visit(long fromHour, long toHour, Visitor visitor) {
                for (Window window : all) {
                    if (window.meter.equals(meter) && window.hour >= fromHour && window.hour < toHour) {
                        visitor.window(window.dimensions, window.hour, window.state);
                    }
                }
            }

            @Override
            public Map<Dimensions, Levels> levelsBefore(long hour) {
                Map<Dimensions, Levels> levels = new HashMap<>();
                visit(
                        Windows.FIRST_HOUR,
                        hour,
                        (dimensions, at, state) ->
                                levels.merge(dimensions, ((Levels) state).collapsed(), Levels::merge));
                return levels;
            }
        };
    }

    @Override
    public Optional<URI> holder(String tenant) {
        return holder;
    }

    @Override
    public <T> T read(String tenant, String meter, Function<Windows, T> question) {
        if (restoring) {
            throw RequestRefused.notReady("restoring", 2);
        }
        return question.apply(tenant.equals("acme") ? of(meter) : new TestingWindows().of(meter));
    }

    @Override
    public Map<Optional<URI>, Set<Integer>> holders() {
        return holder.isEmpty()
                ? Map.of(Optional.empty(), Set.of(0, 1))
                : Map.of(Optional.empty(), Set.of(0), holder, Set.of(1));
    }

    @Override
    public void everyTenant(Set<Integer> partitions, Consumer<String> tenant) {
        if (restoring) {
            throw RequestRefused.notReady("restoring", 2);
        }
        tenant.accept("acme");
        tenant.accept("nobody");
    }
}
