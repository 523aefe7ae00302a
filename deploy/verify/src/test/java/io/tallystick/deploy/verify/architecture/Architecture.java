package io.tallystick.deploy.verify.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noCodeUnits;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitCallTarget;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.CompositeArchRule;
import java.time.Clock;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * The rules of the design that a compiler does not hold: which module may know which, and what the packages that decide about
 * money never touch. They are written for a root package, so that the same rules can be shown to fire on fixtures below another.
 */
record Architecture(String root) {

    private static final List<String> STAGES = List.of("ingest", "aggregator", "rater", "invoicer");

    private static final List<String> PURE = List.of(
            "schemas.value",
            "schemas.catalog",
            "schemas.event",
            "ingest.acceptance",
            "aggregator.usage",
            "rater.pricing",
            "invoicer.invoice",
            "invoicer.delivery");

    private static final Set<String> CLOCK_READERS = Set.of("now", "currentTimeMillis", "nanoTime");

    ArchRule stagesDoNotKnowEachOther() {
        return CompositeArchRule.of(STAGES.stream()
                .map(stage -> (ArchRule) noClasses()
                        .that()
                        .resideInAPackage(root + "." + stage + "..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(STAGES.stream()
                                .filter(other -> !other.equals(stage))
                                .map(other -> root + "." + other + "..")
                                .toArray(String[]::new)))
                .toList());
    }

    ArchRule nothingKnowsDeploy() {
        return noClasses()
                .that()
                .resideInAnyPackage(Stream.concat(STAGES.stream(), Stream.of("schemas"))
                        .map(module -> root + "." + module + "..")
                        .toArray(String[]::new))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(root + ".deploy..");
    }

    ArchRule schemasKnowNoStage() {
        return noClasses()
                .that()
                .resideInAPackage(root + ".schemas..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        STAGES.stream().map(stage -> root + "." + stage + "..").toArray(String[]::new));
    }

    ArchRule pureCodeKnowsNoKafkaAndNoLog() {
        return noClasses()
                .that(arePure())
                .should()
                .dependOnClassesThat(resideInAnyPackage("org.apache.kafka..", "kafka..", "org.slf4j.."));
    }

    ArchRule pureCodeReadsNoClock() {
        return noClasses()
                .that(arePure())
                .should()
                .callCodeUnitWhere(describe(
                        "reads the machine's clock",
                        call -> CLOCK_READERS.contains(call.getTarget().getName())
                                && (isJavaTime(call) || call.getTargetOwner().isEquivalentTo(System.class))))
                .orShould()
                .dependOnClassesThat()
                .belongToAnyOf(Clock.class);
    }

    ArchRule pureCodeHasNoRandomness() {
        return noClasses()
                .that(arePure())
                .should()
                .dependOnClassesThat(describe(
                        "are sources of randomness",
                        type -> type.isAssignableTo(Random.class) || type.isAssignableTo(RandomGenerator.class)))
                .orShould()
                .callMethod(UUID.class, "randomUUID")
                .orShould()
                .callMethod(Math.class, "random");
    }

    /** Fields, signatures, and calls: a {@code double} that is only ever a local variable must come from one of these. */
    ArchRule pureCodeHasNoFloatingPoint() {
        return CompositeArchRule.of(List.of(
                noFields()
                        .that()
                        .areDeclaredInClassesThat(arePure())
                        .should(Conditions.<JavaField>be(
                                "of a floating-point type", field -> isFloating(field.getRawType()))),
                noCodeUnits()
                        .that()
                        .areDeclaredInClassesThat(arePure())
                        .should(Conditions.<JavaCodeUnit>be(
                                "taking or giving floating-point values",
                                unit -> takesOrGivesFloating(unit.getRawReturnType(), unit.getRawParameterTypes()))),
                noClasses()
                        .that(arePure())
                        .should()
                        .callCodeUnitWhere(describe("takes or gives floating-point values", call -> {
                            CodeUnitCallTarget target = call.getTarget();
                            return takesOrGivesFloating(target.getRawReturnType(), target.getRawParameterTypes());
                        }))));
    }

    /** Every release may change them; the pre-commit hook is pinned by a test, the embedded broker is Kafka's own node. */
    ArchRule kafkaInternalsStayInTheHook() {
        return noClasses()
                .that()
                .resideInAPackage(root + "..")
                .and()
                .doNotHaveFullyQualifiedName(root + ".schemas.stream.PreCommitHook")
                .and()
                .resideOutsideOfPackage(root + ".deploy.app.kafka..")
                .should()
                .dependOnClassesThat(resideInAnyPackage("org.apache.kafka..internals..", "kafka.server.."));
    }

    /** Names in messages to people are fine; a string that is a topic's name, or how one begins, is not. */
    ArchRule topicNamesStandInTopics() {
        return classes()
                .that()
                .resideInAPackage(root + "..")
                .and()
                .doNotHaveFullyQualifiedName(root + ".schemas.topic.Topics")
                .should(Conditions.be(
                        "without a topic's name",
                        type -> ClassFile.stringsOf(type).stream()
                                .noneMatch(text -> text.matches("(usage|billing)\\.[a-z_]*"))));
    }

    private DescribedPredicate<JavaClass> arePure() {
        return describe(
                "are pure",
                type -> PURE.stream()
                        .anyMatch(name ->
                                resideInAPackage(root + "." + name + "..").test(type)));
    }

    private static boolean isJavaTime(JavaCall<?> call) {
        return call.getTargetOwner().getPackageName().startsWith("java.time");
    }

    private static boolean takesOrGivesFloating(JavaClass returned, List<JavaClass> parameters) {
        return isFloating(returned) || parameters.stream().anyMatch(Architecture::isFloating);
    }

    private static boolean isFloating(JavaClass type) {
        JavaClass base = type.getBaseComponentType();
        return Stream.of(double.class, float.class, Double.class, Float.class)
                .anyMatch(floating -> base.getName().equals(floating.getName()));
    }
}
