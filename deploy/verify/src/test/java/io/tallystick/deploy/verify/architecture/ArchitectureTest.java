package io.tallystick.deploy.verify.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Holds the shipped classes to {@link Architecture}, and each rule to a fixture that breaks it: a rule that cannot fail says nothing. */
class ArchitectureTest {

    private static final String ROOT = "io.tallystick";
    private static final String BROKEN_ROOT = "io.tallystick.deploy.verify.architecture.broken";

    private static final JavaClasses SHIPPED = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);
    private static final JavaClasses BROKEN = new ClassFileImporter().importPackages(BROKEN_ROOT);

    @Test
    void theShippedClassesOfEveryModuleAreLookedAt() {
        assertThat(List.of("schemas", "ingest", "aggregator", "rater", "invoicer", "deploy.app"))
                .allSatisfy(module -> assertThat(SHIPPED)
                        .anyMatch(type -> type.getPackageName().startsWith(ROOT + "." + module + ".")
                                && !type.getSimpleName().equals("package-info")));
    }

    @Test
    void aStageKnowsNoOtherStage() {
        holds(Architecture::stagesDoNotKnowEachOther, "InvoicerThatAsksTheRater");
    }

    @Test
    void nothingKnowsDeploy() {
        holds(Architecture::nothingKnowsDeploy, "RaterThatStartsTheApp", "SchemaThatStartsTheApp");
    }

    @Test
    void schemasKnowNoStage() {
        holds(Architecture::schemasKnowNoStage, "SchemaThatAsksTheRater");
    }

    @Test
    void pureCodeKnowsNoKafkaAndNoLog() {
        holds(Architecture::pureCodeKnowsNoKafkaAndNoLog, "EventWithAKafkaRecord", "PriceThatLogs");
    }

    @Test
    void pureCodeReadsNoClock() {
        holds(
                Architecture::pureCodeReadsNoClock,
                "InvoiceIssuedNow.instant",
                "InvoiceIssuedNow.date",
                "InvoiceIssuedNow.millis",
                "InvoiceIssuedNow.nanos",
                "InvoiceIssuedNow.clock");
    }

    @Test
    void pureCodeHasNoRandomness() {
        holds(
                Architecture::pureCodeHasNoRandomness,
                "AcceptanceByChance.random",
                "AcceptanceByChance.threadLocal",
                "AcceptanceByChance.uuid",
                "AcceptanceByChance.math");
    }

    @Test
    void pureCodeHasNoFloatingPoint() {
        holds(
                Architecture::pureCodeHasNoFloatingPoint,
                "UsageInDoubles.field",
                "UsageInDoubles.boxed",
                "UsageInDoubles.array",
                "UsageInDoubles.taken(double)",
                "UsageInDoubles.given()",
                "java.math.BigDecimal.doubleValue()");
    }

    @Test
    void kafkaInternalsStayInTheHook() {
        holds(Architecture::kafkaInternalsStayInTheHook, "TopologyOnInternals");
    }

    @Test
    void topicNamesStandInTopics() {
        holds(Architecture::topicNamesStandInTopics, "TopologyWithATopicOfItsOwn", "TopologyThatBuildsATopicName");
        assertThat(violations(new Architecture(BROKEN_ROOT).topicNamesStandInTopics()))
                .doesNotContain("TopologyThatTellsATopic");
    }

    private static void holds(Function<Architecture, ArchRule> rule, String... offenders) {
        assertThat(violations(rule.apply(new Architecture(BROKEN_ROOT)))).contains(offenders);
        rule.apply(new Architecture(ROOT)).check(SHIPPED);
    }

    private static String violations(ArchRule rule) {
        return String.join("\n", rule.evaluate(BROKEN).getFailureReport().getDetails());
    }
}
