package flotilla.raft.members;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.raft.members.ConfChange.Step;
import flotilla.raft.members.ConfChange.StepKind;
import flotilla.raft.members.ConfChange.Transition;
import flotilla.raft.members.Reconfiguration.Outcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Thesis 4.1 to 4.3; etcd's confchange. */
class ReconfigurationTest {
    @ParameterizedTest
    @CsvSource({
        // voters; steps; what comes of it: voters|learners|outgoing|learners next
        "1 2 3, v4, 1 2 3 4|||",
        "1 2 3, r3, 1 2|||",
        "1 2 3, l4, 1 2 3|4||",
        "1 2 3, l3, 1 2|3||",
        "1 2 3, u2, 1 2 3|||",
        "1 2 3, v0, 1 2 3|||",
        "1 2 3, r9, 1 2 3|||",
        "1 2 3, v2, 1 2 3|||",
        "1 2 3, v4 r1, 2 3 4||1 2 3|",
        "1 2 3, l3 v4, 1 2 4||1 2 3|3",
        "1 2 3, l4 l5, 1 2 3|4 5|1 2 3|",
        "1 2 3, r1 l1, 2 3||1 2 3|1",
        "1 2 3, l1 v1, 1 2 3||1 2 3|",
    })
    void a_change_makes_of_a_configuration(String voters, String steps, String result) {
        assertThat(Reconfiguration.of(of(voters), change(steps)))
                .isInstanceOfSatisfying(
                        Outcome.Changed.class,
                        changed -> assertThat(text(changed.members())).isEqualTo(result));
    }

    @ParameterizedTest
    @CsvSource({
        "1, r1, it would leave no voter",
        "1, l1, it would leave no voter",
        "1 2, r1 r2, it would leave no voter",
        "1 2 3, '', there is no joint configuration to leave",
    })
    void a_change_that_cannot_be_is_refused(String voters, String steps, String reason) {
        assertThat(Reconfiguration.of(of(voters), change(steps)))
                .isEqualTo(new Outcome.Refused(reason));
    }

    @ParameterizedTest
    @CsvSource({"AUTO, true", "JOINT_IMPLICIT, true", "JOINT_EXPLICIT, false"})
    void a_joint_configuration_is_left_with_its_learners(Transition how, boolean autoLeave) {
        ConfChange enter =
                new ConfChange(
                        how,
                        List.of(
                                new Step(StepKind.ADD_LEARNER, 3),
                                new Step(StepKind.ADD_VOTER, 4)));
        ConfState joint = ((Outcome.Changed) Reconfiguration.of(of("1 2 3"), enter)).members();

        assertThat(joint.autoLeave()).isEqualTo(autoLeave);
        assertThat(Reconfiguration.of(joint, ConfChange.of(StepKind.REMOVE, 1)))
                .isEqualTo(new Outcome.Refused("the joint configuration must be left first"));
        assertThat(Reconfiguration.of(joint, ConfChange.LEAVE_JOINT))
                .isInstanceOfSatisfying(
                        Outcome.Changed.class,
                        left -> assertThat(text(left.members())).isEqualTo("1 2 4|3||"));
    }

    private static ConfState of(String voters) {
        return ConfState.of(Arrays.stream(voters.split(" ")).mapToLong(Long::parseLong).toArray());
    }

    private static ConfChange change(String text) {
        List<Step> steps = new ArrayList<>();
        for (String word : text.isEmpty() ? new String[0] : text.split(" ")) {
            StepKind kind =
                    switch (word.charAt(0)) {
                        case 'v' -> StepKind.ADD_VOTER;
                        case 'l' -> StepKind.ADD_LEARNER;
                        case 'r' -> StepKind.REMOVE;
                        default -> StepKind.UPDATE;
                    };
            steps.add(new Step(kind, Long.parseLong(word.substring(1))));
        }
        return new ConfChange(Transition.AUTO, steps);
    }

    private static String text(ConfState members) {
        return String.join(
                "|",
                List.of(
                                members.voters(),
                                members.learners(),
                                members.votersOutgoing(),
                                members.learnersNext())
                        .stream()
                        .map(ids -> String.join(" ", ids.stream().map(String::valueOf).toList()))
                        .toList());
    }
}
