package flotilla.store.apply.level;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.google.protobuf.Descriptors.FieldDescriptor;
import flotilla.protocol.Member;
import flotilla.raft.members.ConfState;
import flotilla.store.apply.member.MemberBook;
import flotilla.store.apply.member.Members;
import flotilla.store.command.Command;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FeatureLevelTest {
    /** Fixed for ever: another program's table says the same. */
    @Test
    void every_kind_of_command_keeps_its_first_level_and_the_program_reads_the_highest() {
        Map<String, Integer> levels = new TreeMap<>();
        for (FieldDescriptor kind : Command.getDescriptor().getOneofs().getFirst().getFields()) {
            Command.Builder command = Command.newBuilder();
            command.setField(
                    kind,
                    kind.getJavaType() == FieldDescriptor.JavaType.MESSAGE
                            ? command.newBuilderForField(kind).build()
                            : kind.getDefaultValue());
            levels.put(kind.getName(), FeatureLevel.of(command.build()));
        }

        assertThat(levels)
                .isEqualTo(
                        Map.of(
                                "put", 0,
                                "delete_range", 0,
                                "txn", 0,
                                "compaction", 0,
                                "lease_grant", 0,
                                "lease_revoke", 0,
                                "lease_checkpoint", 0,
                                "member_attributes", 0,
                                "feature_level", 0,
                                "alarm", 1));
        assertThat(levels.values().stream().mapToInt(Integer::intValue).max())
                .hasValue(FeatureLevel.READABLE);
    }

    static Stream<Arguments> admissions() {
        return Stream.of(
                arguments(FeatureLevel.UNDECIDED, 0, true),
                arguments(FeatureLevel.UNDECIDED, 1, false),
                arguments(0, 0, true),
                arguments(0, 1, false),
                arguments(1, 1, true),
                arguments(2, 1, true));
    }

    @ParameterizedTest
    @MethodSource("admissions")
    void a_cluster_takes_what_is_not_above_its_level(int decided, int first, boolean taken) {
        assertThat(FeatureLevel.admits(decided, first)).isEqualTo(taken);
    }

    /** Voters 1 and 2, learner 3; what each has told, -1 for nothing. */
    static Stream<Arguments> risings() {
        int none = FeatureLevel.UNDECIDED;
        return Stream.of(
                arguments("nobody has told", List.of(-1, -1, -1), none, none),
                arguments("one has yet to start", List.of(2, 2, -1), none, none),
                arguments("one has yet to start, later on", List.of(2, -1, 2), 1, none),
                arguments("all read the same", List.of(1, 1, 1), none, 1),
                arguments("a voter reads least", List.of(2, 0, 1), none, 0),
                arguments("a learner reads least", List.of(2, 2, 1), 0, 1),
                arguments("it is so high", List.of(2, 1, 2), 1, none),
                arguments("it is higher than one reads", List.of(2, 0, 2), 1, none),
                arguments("several steps at once", List.of(7, 9, 8), 1, 7));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("risings")
    void the_level_rises_to_what_all_members_read_and_never_falls(
            String name, List<Integer> told, int decided, int raised) {
        MemberBook book =
                MemberBook.founded(
                        new ConfState(List.of(1L, 2L), List.of(3L), List.of(), List.of(), false),
                        Stream.of(1L, 2L, 3L).map(Members::named).toList());
        for (int i = 0; i < told.size(); i++) {
            if (told.get(i) >= 0) {
                Member member = Members.named(i + 1L);
                book = book.withAttributes(member, told.get(i));
            }
        }

        assertThat(FeatureLevel.raised(decided, book))
                .isEqualTo(raised < 0 ? OptionalInt.empty() : OptionalInt.of(raised));
    }

    @Test
    void an_older_program_is_told_what_to_start_and_a_newer_one_is_taken() {
        assertThat(FeatureLevel.refusal(3, 2))
                .hasValueSatisfying(why ->
                        assertThat(why)
                                .startsWith("the cluster is at feature level 3")
                                .contains("reads up to 2", "start the newer one"));
        assertThat(FeatureLevel.refusal(2, 2)).isEmpty();
        assertThat(FeatureLevel.refusal(2, 3)).isEmpty();
        assertThat(FeatureLevel.refusal(FeatureLevel.UNDECIDED, 0)).isEmpty();
    }
}
