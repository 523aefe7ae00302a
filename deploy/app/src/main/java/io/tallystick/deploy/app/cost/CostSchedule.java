package io.tallystick.deploy.app.cost;

import io.tallystick.invoicer.stream.Schedule;
import io.tallystick.schemas.event.Alert;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares each supplier's figures of a day in the night behind it, and tells people where they are too far off. What is done it knows only while it runs: after a
 * crash, or beside others, a day is compared once more, and what was told is not told again.
 */
public final class CostSchedule implements AutoCloseable {

    static final int DAYS_BACK = 7;
    /** How long figures may be late before people are told. */
    static final Duration LATE_MAX = Duration.ofHours(24);

    private static final Logger LOG = LoggerFactory.getLogger(CostSchedule.class);
    private static final Duration LOOK_EVERY = Duration.ofMinutes(5);

    private final List<CostExport> exports;
    private final CostCheck check;
    private final AlertOnce people;
    private final InstantSource clock;
    private final Set<Done> done = new HashSet<>();
    private final Set<Done> toldLate = new HashSet<>();
    private final Schedule schedule = new Schedule("cost-schedule", LOOK_EVERY, this::look);

    private record Done(String meter, LocalDate day) {}

    public CostSchedule(List<CostExport> exports, MeteredDays metered, AlertOnce people, InstantSource clock) {
        this.exports = List.copyOf(exports);
        this.check = new CostCheck(metered);
        this.people = people;
        this.clock = clock;
    }

    public void start() {
        schedule.start();
    }

    @Override
    public void close() {
        schedule.close();
    }

    /** Compares what is due and was not compared. */
    void look() {
        Instant now = clock.instant();
        LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
        for (CostExport export : exports) {
            for (int back = DAYS_BACK; back >= 1; back--) {
                LocalDate day = today.minusDays(back);
                Done one = new Done(export.meter(), day);
                if (!now.isBefore(export.dueAt(day)) && !done.contains(one) && look(export, day, now)) {
                    done.add(one);
                }
            }
        }
        done.removeIf(one -> one.day().isBefore(today.minusDays(DAYS_BACK)));
        toldLate.removeIf(one -> one.day().isBefore(today.minusDays(DAYS_BACK)));
    }

    /** Whether the day is done with. */
    private boolean look(CostExport export, LocalDate day, Instant now) {
        try {
            List<Alert> alerts = check.compare(export, day);
            int told = people.tell(alerts);
            LOG.info(
                    "cost_compared supplier={} meter={} day={} beyond={} told={}",
                    export.supplier(),
                    export.meter(),
                    day,
                    alerts.size(),
                    told);
            return true;
        } catch (CostCheck.Unchecked e) {
            LOG.warn(
                    "cost_unchecked supplier={} meter={} day={} why={}",
                    export.supplier(),
                    export.meter(),
                    day,
                    e.getMessage());
            Instant late = export.dueAt(day).plus(LATE_MAX);
            boolean isDue = now.isAfter(late)
                    && (e.isOwed() || now.isBefore(late.plus(LATE_MAX))); // not of days before anybody asked for it
            if (isDue && !toldLate.contains(new Done(export.meter(), day))) {
                tellLate(export, day, String.valueOf(e.getMessage()));
            }
            return false; // it may still come
        } catch (RuntimeException e) {
            LOG.warn(
                    "cost_not_compared supplier={} meter={} day={}; tried again",
                    export.supplier(),
                    export.meter(),
                    day,
                    e);
            return false;
        }
    }

    private void tellLate(CostExport export, LocalDate day, String why) {
        try {
            people.tell(List.of(CostCheck.unchecked(export, day, why)));
            toldLate.add(new Done(export.meter(), day));
        } catch (RuntimeException e) {
            LOG.warn(
                    "cost_not_told supplier={} meter={} day={}; tried again",
                    export.supplier(),
                    export.meter(),
                    day,
                    e);
        }
    }
}
