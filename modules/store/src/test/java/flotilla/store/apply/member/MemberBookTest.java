package flotilla.store.apply.member;

import static flotilla.store.apply.member.Members.after;
import static flotilla.store.apply.member.Members.group;
import static flotilla.store.apply.member.Members.named;
import static flotilla.store.apply.member.Members.nameless;
import static flotilla.store.apply.member.Members.url;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import flotilla.protocol.Member;
import flotilla.raft.members.ConfChange.Transition;
import flotilla.raft.members.ConfState;
import flotilla.store.apply.mvcc.Backend;
import flotilla.store.apply.mvcc.MemoryBackend;
import flotilla.store.apply.refusal.EtcdError;
import flotilla.store.apply.refusal.EtcdException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MemberBookTest {
    /** Voters 1 to 3, learner 4; 5 was removed. */
    private static final MemberBook BOOK =
            after(
                    group(1, 2, 3),
                    new Wish.AddVoter(named(5)),
                    new Wish.Remove(5),
                    new Wish.AddLearner(nameless(4)));

    static Stream<Arguments> refusals() {
        return Stream.of(
                arguments(new Wish.AddVoter(nameless(2)), EtcdError.MEMBER_EXISTS),
                arguments(new Wish.AddLearner(nameless(2)), EtcdError.MEMBER_EXISTS),
                arguments(new Wish.AddVoter(nameless(4)), EtcdError.MEMBER_EXISTS),
                arguments(new Wish.AddVoter(nameless(5)), EtcdError.MEMBER_NOT_FOUND),
                arguments(new Wish.AddVoter(at(6, url(1))), EtcdError.PEER_URL_EXISTS),
                arguments(new Wish.AddVoter(at(6, url(6), url(4))), EtcdError.PEER_URL_EXISTS),
                arguments(new Wish.AddVoter(at(6)), EtcdError.BAD_MEMBER_URLS),
                arguments(new Wish.AddLearner(nameless(6)), EtcdError.TOO_MANY_LEARNERS),
                arguments(new Wish.Remove(6), EtcdError.MEMBER_NOT_FOUND),
                arguments(new Wish.Remove(5), EtcdError.MEMBER_NOT_FOUND),
                arguments(new Wish.Update(6, List.of(url(6))), EtcdError.MEMBER_NOT_FOUND),
                arguments(new Wish.Update(5, List.of(url(6))), EtcdError.MEMBER_NOT_FOUND),
                arguments(new Wish.Update(2, List.of(url(3))), EtcdError.PEER_URL_EXISTS),
                arguments(new Wish.Update(2, List.of()), EtcdError.BAD_MEMBER_URLS),
                arguments(new Wish.Promote(2), EtcdError.MEMBER_NOT_LEARNER),
                arguments(new Wish.Promote(6), EtcdError.MEMBER_NOT_FOUND),
                arguments(new Wish.Promote(5), EtcdError.MEMBER_NOT_FOUND),
                arguments(new Wish.Demote(6), EtcdError.MEMBER_NOT_FOUND),
                arguments(new Wish.Demote(5), EtcdError.MEMBER_NOT_FOUND));
    }

    private static Member at(long id, String... urls) {
        return Member.newBuilder().setID(id).addAllPeerURLs(List.of(urls)).build();
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void what_etcd_refuses_is_refused_in_its_words(Wish wish, EtcdError error) {
        EtcdException refused = assertThrows(EtcdException.class, () -> after(BOOK, wish));
        assertThat(refused.error()).isEqualTo(error);
    }

    @Test
    void the_last_voter_stays() {
        for (Wish wish : List.of(new Wish.Remove(1), new Wish.Demote(1))) {
            assertThatThrownBy(() -> after(group(1), wish))
                    .hasMessage(EtcdError.NOT_ENOUGH_STARTED_MEMBERS.text());
        }
    }

    @Test
    void a_limit_of_learners_is_the_proposers_and_none_means_none() {
        MemberChange.Source unlimited = new MemberChange.Source(77, 5, 0);
        MemberBook more = BOOK.after(MemberChange.of(new Wish.AddLearner(nameless(6)), unlimited));
        assertThat(more.conf().learners()).containsExactly(4L, 6L);
    }

    @Test
    void a_member_keeps_its_address_and_its_vote_when_it_tells_its_name() {
        Member told =
                Member.newBuilder().setID(4).setName("four").addClientURLs("http://c:2").build();
        MemberBook after = BOOK.withAttributes(told, 0);

        assertThat(after.find(4))
                .contains(told.toBuilder().addPeerURLs(url(4)).setIsLearner(true).build());
        assertThat(after.conf()).isEqualTo(BOOK.conf());
        assertThat(BOOK.hasTakenPart(4)).isFalse();
        assertThat(after.hasTakenPart(4)).isTrue();
    }

    @Test
    void an_update_changes_the_address_and_nothing_else() {
        MemberBook after = after(BOOK, new Wish.Update(4, List.of("http://new:1", url(4))));
        assertThat(after.find(4))
                .contains(
                        nameless(4).toBuilder()
                                .clearPeerURLs()
                                .addPeerURLs("http://new:1")
                                .addPeerURLs(url(4))
                                .setIsLearner(true)
                                .build());
    }

    @Test
    void a_promoted_learner_votes_and_says_so_everywhere() {
        MemberBook after = after(BOOK, new Wish.Promote(4));
        assertThat(after.conf()).isEqualTo(ConfState.of(1, 2, 3, 4));
        assertThat(after.find(4)).contains(nameless(4));
    }

    /** However many learners there are already: it is on its way out. */
    @Test
    void a_demoted_voter_is_a_learner_and_says_so_everywhere() {
        MemberBook after = after(BOOK, new Wish.Demote(3));
        assertThat(after.conf().voters()).containsExactly(1L, 2L);
        assertThat(after.conf().learners()).containsExactly(3L, 4L);
        assertThat(after.find(3)).contains(named(3).toBuilder().setIsLearner(true).build());
    }

    @Test
    void who_was_removed_neither_returns_nor_tells_of_itself() {
        assertThat(BOOK.isRemoved(5)).isTrue();
        assertThat(BOOK.find(5)).isEmpty();
        assertThatThrownBy(() -> BOOK.withAttributes(named(5), 0))
                .hasMessage(EtcdError.MEMBER_NOT_FOUND.text());
    }

    @Test
    void a_stranger_does_not_become_a_member_by_telling_its_name() {
        assertThatThrownBy(() -> BOOK.withAttributes(named(6), 0))
                .hasMessage(EtcdError.MEMBER_NOT_FOUND.text());
    }

    /** In the joint configuration it still votes, so it must still be reached. */
    @Test
    void a_voter_that_goes_is_a_member_until_the_joint_configuration_is_left() {
        MemberChange swap =
                new MemberChange(
                        Transition.JOINT_IMPLICIT,
                        List.of(new Wish.Remove(3), new Wish.AddVoter(nameless(6))),
                        Members.SOMEBODY);
        MemberChange leave =
                new MemberChange(Transition.AUTO, List.of(), MemberChange.Source.NOBODY);

        MemberBook joint = BOOK.after(swap);
        assertThat(joint.conf().joint()).isTrue();
        assertThat(joint.find(3)).isPresent();
        assertThat(joint.isRemoved(3)).isFalse();
        MemberBook left = joint.after(leave);
        assertThat(left.conf().voters()).containsExactly(1L, 2L, 6L);
        assertThat(left.find(3)).isEmpty();
        assertThat(left.isRemoved(3)).isTrue();
        assertThatThrownBy(() -> left.after(leave)).isInstanceOf(EtcdException.class);
    }

    @Test
    void what_is_written_is_what_is_read() {
        MemoryBackend backend = new MemoryBackend();
        MemberBook start = group(1, 2, 3, 5, -4);
        MemberBook end =
                after(start, new Wish.Remove(5), new Wish.AddLearner(nameless(9)))
                        .withAttributes(
                                named(-4).toBuilder().addClientURLs("http://c:1").build(), 3);
        write(backend, start);
        write(backend, end);

        MemberBook read = read(backend);
        assertThat(read.conf()).isEqualTo(end.conf());
        assertThat(read.members()).isEqualTo(end.members());
        assertThat(read.isRemoved(5)).isTrue();
        assertThat(read.changesSince(end)).isEmpty();
        assertThat(end.changesSince(read)).isEmpty();
    }

    private static MemberBook read(MemoryBackend backend) {
        try (Backend.View view = backend.view()) {
            return MemberBook.read(view);
        }
    }

    private static void write(MemoryBackend backend, MemberBook book) {
        backend.write(book.changesSince(read(backend)));
    }

    @Test
    void a_group_is_founded_with_exactly_the_members_that_decide() {
        assertThatThrownBy(
                        () -> MemberBook.founded(ConfState.of(1, 2), List.of(named(1), named(3))))
                .hasMessageContaining("[1, 3]");
    }
}
