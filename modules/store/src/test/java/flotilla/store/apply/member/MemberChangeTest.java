package flotilla.store.apply.member;

import static flotilla.store.apply.member.Members.SOMEBODY;
import static flotilla.store.apply.member.Members.named;
import static flotilla.store.apply.member.Members.nameless;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flotilla.protocol.Raftpb;
import flotilla.raft.log.Entry.Kind;
import flotilla.raft.members.ConfChange;
import flotilla.raft.members.ConfChange.Step;
import flotilla.raft.members.ConfChange.StepKind;
import flotilla.raft.members.ConfChange.Transition;
import flotilla.store.apply.refusal.UnreadableEntry;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MemberChangeTest {
    static Stream<MemberChange> changes() {
        Stream<MemberChange> single =
                Stream.of(
                                new Wish.AddVoter(named(-7)),
                                new Wish.AddLearner(nameless(8)),
                                new Wish.Remove(-1),
                                new Wish.Update(2, List.of("http://a:1", "http://b:1")),
                                new Wish.Promote(3),
                                new Wish.Demote(4))
                        .map(wish -> MemberChange.of(wish, SOMEBODY));
        List<Wish> two = List.of(new Wish.Remove(3), new Wish.AddVoter(named(9)));
        return Stream.concat(
                single,
                Stream.of(
                        new MemberChange(Transition.AUTO, two, SOMEBODY),
                        new MemberChange(Transition.JOINT_IMPLICIT, two, SOMEBODY),
                        new MemberChange(Transition.JOINT_EXPLICIT, two.subList(0, 1), SOMEBODY),
                        new MemberChange(Transition.AUTO, List.of(), MemberChange.Source.NOBODY)));
    }

    @ParameterizedTest
    @MethodSource("changes")
    void a_change_is_read_as_it_was_written(MemberChange change) throws UnreadableEntry {
        assertThat(MemberChange.parse(change.kind(), change.bytes())).isEqualTo(change);
    }

    /**
     * As etcd writes them, but for the context: id 1, type 2, node 3; so its tools can read ours.
     */
    @Test
    void one_step_is_etcds_conf_change_byte_for_byte() throws Exception {
        MemberChange change =
                MemberChange.of(new Wish.Remove(0x11), new MemberChange.Source(1, 5, 0));
        assertThat(change.kind()).isEqualTo(Kind.CONF_CHANGE);
        assertThat(HexFormat.of().formatHex(change.bytes())).startsWith("080510011811" + "22");
        Raftpb.ConfChange parsed = Raftpb.ConfChange.parseFrom(change.bytes());
        assertThat(parsed.getType()).isEqualTo(Raftpb.ConfChangeType.ConfChangeRemoveNode);
    }

    /** What the core appends of itself to leave a joint configuration. */
    @Test
    void an_empty_entry_leaves_the_joint_configuration() throws UnreadableEntry {
        MemberChange change = MemberChange.parse(Kind.CONF_CHANGE_V2, new byte[0]);
        assertThat(change.change()).isEqualTo(ConfChange.LEAVE_JOINT);
    }

    @Test
    void a_promotion_is_to_the_core_what_adding_a_voter_is() {
        assertThat(MemberChange.of(new Wish.Promote(4), SOMEBODY).change().steps())
                .containsExactly(new Step(StepKind.ADD_VOTER, 4));
    }

    static Stream<byte[]> unreadable() {
        byte[] whole = MemberChange.of(new Wish.AddVoter(named(7)), SOMEBODY).bytes();
        HexFormat hex = HexFormat.of();
        return Stream.of(
                Arrays.copyOf(whole, whole.length - 1),
                hex.parseHex("08051004" + "1811"), // type 4: of a later version
                hex.parseHex("080510011811" + "2801"), // a field 5
                hex.parseHex("080510011811" + "2202" + "2801"), // a field 5 in the context
                hex.parseHex(
                        "080510011811" + "2204" + "22002200")); // two members told of, one goes
    }

    /** Read as protobuf reads them, an unknown type would be "add a voter". */
    @ParameterizedTest
    @MethodSource("unreadable")
    void what_a_later_version_or_nobody_wrote_is_not_guessed_at(byte[] data) {
        assertThatThrownBy(() -> MemberChange.parse(Kind.CONF_CHANGE, data))
                .isInstanceOf(UnreadableEntry.class);
    }

    static Stream<String> unreadableSeveral() {
        return Stream.of(
                "2801", // a field 5
                "1206" + "080110112801", // a field 5 in a change
                "1204" + "08041011", // type 4
                "1204" + "08011011" + "1a02" + "7801", // a field 15 in the context
                "1204" + "08011011" + "1a04" + "22027801", // and in what it tells of a member
                "1204" + "08011011" + "1a04" + "22002200"); // two members told of, one goes
    }

    @ParameterizedTest
    @MethodSource("unreadableSeveral")
    void nor_in_a_change_of_several(String hex) throws UnreadableEntry {
        byte[] data = HexFormat.of().parseHex(hex);
        assertThatThrownBy(() -> MemberChange.parse(Kind.CONF_CHANGE_V2, data))
                .isInstanceOf(UnreadableEntry.class);

        byte[] known = HexFormat.of().parseHex("1204" + "08011011");
        assertThat(MemberChange.parse(Kind.CONF_CHANGE_V2, known).change().steps())
                .containsExactly(new Step(StepKind.REMOVE, 0x11));
    }
}
