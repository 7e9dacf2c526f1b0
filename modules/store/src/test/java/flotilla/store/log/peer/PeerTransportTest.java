package flotilla.store.log.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import flotilla.raft.message.Message;
import flotilla.store.log.Membership;
import flotilla.store.log.Membership.Peer;
import flotilla.store.log.PeerTraffic;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PeerTransportTest {
    private static final SampleMessages SAMPLES = new SampleMessages(1, 2);

    private final List<Peer> peers = TestMember.peers(1, 2);

    @Test
    void messages_of_every_kind_arrive_as_they_were_sent() throws IOException {
        try (TestMember one = TestMember.start(1, peers);
                TestMember two = TestMember.start(2, peers)) {
            SAMPLES.table().forEach(one.transport()::send);

            await().until(() -> two.inbox().messages().size() == SAMPLES.table().size());
            assertThat(two.inbox().messages()).containsExactlyInAnyOrderElementsOf(SAMPLES.table());
        }
    }

    @Test
    void what_goes_on_one_lane_keeps_its_order() throws IOException {
        try (TestMember one = TestMember.start(1, peers);
                TestMember two = TestMember.start(2, peers)) {
            Random chance = new Random(1);
            List<Message> sent = new CopyOnWriteArrayList<>();
            for (long match = 1; match <= 300; match++) {
                sent.add(SAMPLES.accepted(match));
                sent.add(SAMPLES.append(match, chance.nextInt(5_000)));
            }
            sent.add(SAMPLES.append(301, 1 << 20));
            sent.add(SAMPLES.accepted(302));

            sent.forEach(one.transport()::send);

            await().until(() -> two.inbox().messages().size() == sent.size());
            assertThat(two.inbox().messages()).containsExactlyElementsOf(sent);
        }
    }

    @Test
    void a_heartbeat_overtakes_appends_that_wait_for_a_slow_reader() throws Exception {
        PeerLimits roomy = new PeerLimits(256 << 20, 1 << 20, 100, 64);
        try (TestMember one =
                        TestMember.start(
                                new Membership(TestMember.CLUSTER, 1, peers),
                                config -> config.with(roomy));
                TestMember two = TestMember.start(2, peers)) {
            CountDownLatch goOn = new CountDownLatch(1);
            List<Message> arrived = new CopyOnWriteArrayList<>();
            two.inbox()
                    .onMessage(message -> {
                        awaitLatch(goOn);
                        arrived.add(message);
                    });
            for (int i = 1; i <= 64; i++) {
                one.transport().send(SAMPLES.append(i, 1 << 20));
            }
            await().until(() -> one.transport().traffic().getFirst().sentBytes() > 1 << 20);

            one.transport().send(SAMPLES.heartbeat(7));
            goOn.countDown();

            await().until(() -> arrived.size() == 65);
            assertThat(arrived.indexOf(SAMPLES.heartbeat(7))).isBetween(0, 32);
        }
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void a_member_that_comes_back_is_reached_again_and_each_break_is_told_once()
            throws IOException {
        try (TestMember one = TestMember.start(1, peers)) {
            await().until(() -> one.inbox().unreachable().equals(List.of(2L)));
            assertThat(one.transport().reachedSince(2)).isEmpty();
            long firstSince;
            try (TestMember _ = TestMember.start(2, peers)) {
                await().until(() -> one.transport().reachedSince(2).isPresent());
                firstSince = one.transport().reachedSince(2).getAsLong();
            }
            await().until(() -> one.transport().reachedSince(2).isEmpty());
            try (TestMember two = TestMember.start(2, peers)) {
                await().until(() -> one.transport().reachedSince(2).isPresent());
                one.transport().send(SAMPLES.heartbeat(1));

                await().until(() -> two.inbox().messages().equals(List.of(SAMPLES.heartbeat(1))));
                assertThat(one.transport().reachedSince(2).getAsLong()).isGreaterThan(firstSince);
                assertThat(one.inbox().unreachable()).containsExactly(2L, 2L);
                assertThat(one.transport().traffic().getFirst().reached()).isTrue();
                assertThat(one.transport().traffic().getFirst().breaks()).isEqualTo(1);
            }
        }
    }

    @Test
    void a_member_that_does_not_answer_holds_a_bounded_part_of_what_is_sent_to_it()
            throws IOException {
        PeerLimits limits = new PeerLimits(8 << 20, 1 << 20, 100, 64);
        String url = peers.getLast().peerUrls().getFirst();
        int port = Integer.parseInt(url.substring(url.lastIndexOf(':') + 1));
        try (ServerSocket _ = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
                TestMember one =
                        TestMember.start(
                                new Membership(TestMember.CLUSTER, 1, peers),
                                config -> config.with(limits))) {
            // A gigabyte, for which no heap of a test has room.
            for (int i = 1; i <= 1_024; i++) {
                one.transport().send(SAMPLES.append(i, 1 << 20));
            }
            LongStream.range(0, 10_000).mapToObj(SAMPLES::heartbeat).forEach(one.transport()::send);

            await().until(() -> one.transport().traffic().getFirst().sentFailures() > 1_000);
        }
    }

    @Test
    void who_is_no_member_any_more_is_neither_sent_anything_nor_let_in() throws IOException {
        try (TestMember one = TestMember.start(1, peers);
                TestMember two = TestMember.start(2, peers)) {
            await().until(() -> one.transport().reachedSince(2).isPresent());
            await().until(() -> two.transport().reachedSince(1).isPresent());

            one.inbox().remove(2);
            one.transport().members(List.of(peers.getFirst()));

            await().until(() -> two.transport().reachedSince(1).isEmpty());
            assertThat(one.transport().reachedSince(2)).isEmpty();
            assertThat(one.transport().traffic()).isEmpty();
            await().until(() -> one.transport().connections() == 0);
            two.transport().send(new SampleMessages(2, 1).heartbeat(1));
            one.transport().send(SAMPLES.heartbeat(1));
            assertThat(one.inbox().messages()).isEmpty();
        }
    }

    @Test
    void a_member_that_is_not_known_yet_is_heard_and_answered() throws IOException {
        try (TestMember lagging = TestMember.start(1, List.of(peers.getFirst()));
                TestMember leader = TestMember.start(2, peers)) {
            leader.transport().send(new SampleMessages(2, 1).heartbeat(1));
            await().until(() -> lagging.inbox().messages().size() == 1);

            lagging.transport().send(SAMPLES.accepted(4));

            await().until(() -> leader.inbox().messages().equals(List.of(SAMPLES.accepted(4))));
        }
    }

    @Test
    void a_member_that_moves_is_followed() throws IOException {
        List<Peer> moved = List.of(peers.getFirst(), TestMember.peers(2).getFirst());
        try (TestMember one = TestMember.start(1, peers);
                TestMember two = TestMember.start(2, moved)) {
            one.transport().members(moved);
            one.transport().send(SAMPLES.heartbeat(5));

            await().until(() -> two.inbox().messages().contains(SAMPLES.heartbeat(5)));
        }
    }

    @Test
    void the_second_url_is_tried_where_the_first_leads_nowhere() throws IOException {
        Peer two = peers.getLast();
        Peer known = new Peer(2, "m2", List.of("http://127.0.0.1:1", two.peerUrls().getFirst()));
        try (TestMember one = TestMember.start(1, List.of(peers.getFirst(), known));
                TestMember other = TestMember.start(2, peers)) {
            await().until(() -> one.transport().reachedSince(2).isPresent());
            assertThat(other.transport().address().getPort()).isPositive();
        }
    }

    @Test
    void an_address_that_is_taken_is_named() throws IOException {
        try (TestMember _ = TestMember.start(1, peers)) {
            assertThatThrownBy(() -> TestMember.start(1, peers))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("can't listen for members at")
                    .hasMessageContaining("127.0.0.1:");
        }
    }

    @Test
    void nothing_is_handed_over_once_it_is_closed() throws IOException {
        try (TestMember one = TestMember.start(1, peers)) {
            TestMember two = TestMember.start(2, peers);
            for (int i = 1; i <= 100; i++) {
                one.transport().send(SAMPLES.append(i, 100_000));
            }
            await().until(() -> !two.inbox().messages().isEmpty());

            two.transport().close();
            int calls = two.inbox().calls();
            LongStream.range(0, 100).mapToObj(SAMPLES::heartbeat).forEach(one.transport()::send);
            await().until(() -> one.transport().reachedSince(2).isEmpty());
            two.close();

            assertThat(two.inbox().calls()).isEqualTo(calls);
        }
    }

    @Test
    void a_message_that_is_not_taken_is_counted_and_the_next_is_heard() throws IOException {
        try (TestMember one = TestMember.start(1, peers);
                TestMember two = TestMember.start(2, peers)) {
            List<Message> taken = new CopyOnWriteArrayList<>();
            two.inbox()
                    .onMessage(message -> {
                        if (message.equals(SAMPLES.accepted(1))) {
                            throw new IllegalStateException("a message that can't be");
                        }
                        taken.add(message);
                    });

            one.transport().send(SAMPLES.accepted(1));
            one.transport().send(SAMPLES.accepted(2));

            await().until(() -> taken.equals(List.of(SAMPLES.accepted(2))));
            assertThat(two.transport().traffic().getFirst().receivedFailures()).isEqualTo(1);
        }
    }

    @Test
    void round_trips_and_bytes_are_counted_for_each_member() throws IOException {
        try (TestMember one = TestMember.start(1, peers);
                TestMember two = TestMember.start(2, peers)) {
            one.transport().send(SAMPLES.append(1, 1_000));
            await().until(() -> two.inbox().messages().size() == 1);
            await().until(() -> one.transport().traffic().getFirst().roundTrips().count() > 0);

            PeerTraffic out = one.transport().traffic().getFirst();
            PeerTraffic in = two.transport().traffic().getFirst();
            assertThat(out.member()).isEqualTo(2);
            assertThat(out.roundTrips().sumSeconds()).isPositive();
            assertThat(out.sentBytes()).isGreaterThan(1_000);
            assertThat(in.receivedBytes()).isGreaterThan(1_000);
            assertThat(in.receivedFailures()).isZero();
        }
    }
}
