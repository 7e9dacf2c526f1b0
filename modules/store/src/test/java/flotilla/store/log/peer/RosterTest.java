package flotilla.store.log.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flotilla.store.log.Membership;
import flotilla.store.log.Membership.Peer;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RosterTest {
    private static final long CLUSTER = 0xc1;

    private final List<Peer> peers = List.of(peer(1), peer(2), peer(3));
    private int level;
    private final Roster roster =
            new Roster(new Membership(CLUSTER, 1, peers), member -> member == 66, () -> level);

    private static Peer peer(long id) {
        return new Peer(id, "m" + id, List.of("http://127.0.0.1:70" + id));
    }

    private static Hello from(long id, String... urls) {
        return new Hello(Hello.VERSION, CLUSTER, id, 1, 0, List.of(urls));
    }

    @Test
    void members_are_let_in_and_connections_are_held_with_all_but_oneself() {
        assertThat(roster.refusal(from(2))).isEmpty();
        assertThat(roster.others()).extracting(Peer::id).containsExactlyInAnyOrder(2L, 3L);
    }

    @Test
    void one_that_nobody_knows_is_a_guest_where_it_says_that_it_is_until_the_members_change() {
        assertThat(roster.refusal(from(9, "http://127.0.0.1:9"))).isEmpty();
        assertThat(roster.others()).extracting(Peer::id).contains(9L);

        roster.settle(List.of(peer(1), peer(2)));

        assertThat(roster.others()).extracting(Peer::id).containsExactly(2L);
    }

    @Test
    void one_that_has_been_removed_is_told_so() {
        assertThat(roster.refusal(from(66, "http://127.0.0.1:66")))
                .get()
                .satisfies(refusal -> assertThat(refusal.removed()).isTrue())
                .extracting(Parcel.Refusal::reason)
                .asString()
                .contains("member 42 has been removed from the cluster");
        assertThat(roster.refusal(new Hello(Hello.VERSION, 7, 66, 1, 0, List.of())))
                .as("who is of another cluster is none of ours, whatever its id")
                .get()
                .satisfies(refusal -> assertThat(refusal.removed()).isFalse());
    }

    @Test
    void an_older_program_than_the_cluster_s_level_wants_is_told_so_and_a_newer_one_let_in() {
        Hello older = new Hello(Hello.VERSION, CLUSTER, 2, 1, 4, List.of());
        Hello newer = new Hello(Hello.VERSION, CLUSTER, 3, 1, 6, List.of());
        level = 4;
        assertThat(roster.refusal(older)).isEmpty();

        level = 5;

        assertThat(roster.refusal(older))
                .get()
                .extracting(Parcel.Refusal::reason)
                .asString()
                .contains("feature level 5", "reads up to 4", "start the newer one");
        assertThat(roster.refusal(newer)).isEmpty();
    }

    @Test
    void guests_are_bounded() {
        for (int i = 0; i < Roster.GUESTS_MAX; i++) {
            assertThat(roster.refusal(from(100 + i, "http://127.0.0.1:1"))).isEmpty();
        }
        assertThat(roster.refusal(from(500, "http://127.0.0.1:1"))).isPresent();
        assertThat(roster.refusal(from(2))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "http://10.0.0.5:7001, false, 10.0.0.5, 7001",
        "https://core-01.example:2380, true, core-01.example, 2380",
        "HTTP://[::1]:7, false, ::1, 7",
        "http://core-01, false, core-01, 2380"
    })
    void a_peer_url_leads_to_a_host_and_port(String url, boolean encrypted, String host, int port)
            throws IOException {
        assertThat(Address.of(url)).isEqualTo(new Address(encrypted, host, port));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10.0.0.5:7001", "ftp://x:1", "http://", "unix:///x", "http://a b"})
    void what_is_no_peer_url_is_named(String url) {
        assertThatThrownBy(() -> Address.of(url))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the peer URL " + url);
    }

    @Test
    void a_member_is_dialled_again_soon_at_first_and_each_second_when_it_stays_away() {
        BackOff backOff = new BackOff();
        long first = backOff.nextMillis();
        long longest = first;
        for (int i = 0; i < 20; i++) {
            longest = Math.max(longest, backOff.nextMillis());
        }
        assertThat(first).isEqualTo(20);
        assertThat(longest).isEqualTo(500);
        for (int i = 0; i < 20; i++) {
            longest = Math.max(longest, backOff.nextMillis());
        }
        assertThat(longest).isEqualTo(1_000);

        backOff.reset();

        assertThat(backOff.nextMillis()).isEqualTo(20);
    }
}
