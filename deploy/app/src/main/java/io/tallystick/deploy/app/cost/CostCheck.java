package io.tallystick.deploy.app.cost;

import io.tallystick.schemas.event.Alert;
import io.tallystick.schemas.value.Dimensions;
import io.tallystick.schemas.value.Period;
import java.io.IOException;
import java.io.Reader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Compares the figures of one day with what was metered in it; the same figures give the same alerts, whoever compares and when. */
final class CostCheck {

    private final MeteredDays metered;

    CostCheck(MeteredDays metered) {
        this.metered = metered;
    }

    /** Figures that have not come, or that cannot be read. */
    static final class Unchecked extends Exception {

        private static final long serialVersionUID = 1L;

        private final boolean isOwed;

        Unchecked(String message, boolean isOwed) {
            super(message);
            this.isOwed = isOwed;
        }

        /** Whether what there is shows that figures of this day should be there, so that nobody takes it for one before the supplier was compared. */
        boolean isOwed() {
            return isOwed;
        }
    }

    /** One alert for each figure of the day that is too far off. */
    List<Alert> compare(CostExport export, LocalDate day) throws Unchecked {
        SortedMap<SupplierFile.Cell, BigDecimal> supplier = figures(export, day);
        List<Alert> alerts = new ArrayList<>();
        SortedMap<SupplierFile.Cell, BigDecimal> ours = metered.of(
                export.meter(), day, day, export.columns().dimensions().keySet());
        for (Drift drift : Drift.between(supplier, ours)) {
            if (drift.isBeyond(export.threshold())) {
                String percent = drift.percent(export.threshold())
                        .map(one -> one.toPlainString() + " %")
                        .orElse("what the supplier does not have");
                alerts.add(alert(
                        Alert.Kind.COST_DRIFT,
                        export,
                        day,
                        drift.cell().group(),
                        drift.supplier(),
                        drift.metered(),
                        export.supplier() + " says " + drift.supplier().toPlainString() + " for " + day
                                + ", metered are " + drift.metered().toPlainString() + ": off by " + percent));
            }
        }
        return alerts;
    }

    /** That there is nothing to compare with. */
    static Alert unchecked(CostExport export, LocalDate day, String why) {
        return alert(
                Alert.Kind.COST_UNCHECKED,
                export,
                day,
                Dimensions.NONE,
                BigDecimal.ZERO,
                BigDecimal.ZERO,
                "the figures of " + export.supplier() + " for " + day + " are not compared: " + why);
    }

    private static SortedMap<SupplierFile.Cell, BigDecimal> figures(CostExport export, LocalDate day) throws Unchecked {
        SortedMap<SupplierFile.Cell, BigDecimal> figures = new TreeMap<>();
        try (Reader reader = Files.newBufferedReader(export.fileOf(day), StandardCharsets.UTF_8)) {
            figures.putAll(SupplierFile.read(reader, export.columns()));
        } catch (NoSuchFileException e) {
            throw new Unchecked("there is no file " + export.fileOf(day), hasEarlierFile(export, day));
        } catch (SupplierFile.Unreadable e) {
            throw new Unchecked(export.fileOf(day) + ", " + e.getMessage(), true);
        } catch (IOException e) {
            throw new Unchecked(export.fileOf(day) + " cannot be read (" + e.getMessage() + ")", true);
        }
        boolean isOwed = export.isOfOneDay()
                || figures.keySet().stream().anyMatch(cell -> cell.day().isBefore(day));
        figures.keySet().removeIf(cell -> !cell.day().equals(day));
        if (figures.isEmpty()) {
            throw new Unchecked(export.fileOf(day) + " has no line of that day", isOwed);
        }
        return figures;
    }

    private static boolean hasEarlierFile(CostExport export, LocalDate day) {
        for (int back = 1; back <= CostSchedule.DAYS_BACK; back++) {
            if (Files.exists(export.fileOf(day.minusDays(back)))) {
                return true;
            }
        }
        return false;
    }

    private static Alert alert(
            Alert.Kind kind,
            CostExport export,
            LocalDate day,
            Dimensions group,
            BigDecimal supplier,
            BigDecimal metered,
            String message) {
        Period period = new Period(
                day.atStartOfDay(ZoneOffset.UTC).toInstant(),
                day.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant());
        return new Alert("", kind, "", period, export.meter(), group, period.end(), null, supplier, metered, message);
    }
}
