package io.tallystick.deploy.verify.architecture;

import com.tngtech.archunit.base.HasDescription;
import com.tngtech.archunit.core.domain.properties.HasSourceCodeLocation;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.function.Predicate;

/** Conditions of our own for ArchUnit's rules. */
final class Conditions {

    private Conditions() {}

    static <T extends HasDescription & HasSourceCodeLocation> ArchCondition<T> be(
            String description, Predicate<? super T> test) {
        return new ArchCondition<>("be " + description) {
            @Override
            public void check(T item, ConditionEvents events) {
                boolean satisfied = test.test(item);
                events.add(new SimpleConditionEvent(
                        item,
                        satisfied,
                        item.getDescription() + (satisfied ? " is " : " is not ") + description + " in "
                                + item.getSourceCodeLocation()));
            }
        };
    }
}
