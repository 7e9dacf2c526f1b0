package flotilla.store.log.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import flotilla.raft.log.SnapshotMark;
import flotilla.raft.message.Message;
import flotilla.store.log.Membership;
import flotilla.store.log.Membership.Peer;
import flotilla.store.log.SnapshotShelf.Arriving;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Member 1 sends snapshots to member 2, through a stretch of network that can be cut. */
class SnapshotsTest {
    private static final int WINDOW_BYTES = 1 << 20;
    private static final SampleMessages SAMPLES = new SampleMessages(1, 2);
    private static final Message INSTALLED =
            new Message.InstallSnapshot(1, 2, 6, MemoryStored.MARK);
    private static final PeerTimes HASTY =
            new PeerTimes(
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(1),
                    Duration.ofMillis(200),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(2));

    private final MemoryStored stored =
            new MemoryStored(30 << 20, 0, 1, Manifest.CHUNK_BYTES, 33_999_999, 0);
    private final MemoryArriving arriving = new MemoryArriving();
    private final AtomicInteger arrivals = new AtomicInteger();
    private TestMember sender;
    private TestMember receiver;
    private Proxy network;

    @BeforeEach
    void start() throws IOException {
        List<Peer> peers = TestMember.peers(1, 2);
        receiver =
                member(
                        2,
                        peers,
                        _ -> {
                            arrivals.incrementAndGet();
                            return arriving;
                        });
        network = new Proxy(receiver.transport().address().getPort());
        sender =
                member(
                        1,
                        List.of(peers.getFirst(), new Peer(2, "m2", List.of(network.url()))),
                        _ -> arriving);
    }

    @AfterEach
    void stop() throws IOException {
        arriving.letAll();
        sender.close();
        receiver.close();
        network.close();
    }

    private static TestMember member(
            long id, List<Peer> peers, Function<SnapshotMark, Arriving> shelf) throws IOException {
        PeerLimits limits = new PeerLimits(16 << 20, WINDOW_BYTES, 100, 64);
        TestMember member =
                TestMember.start(
                        new Membership(TestMember.CLUSTER, id, peers),
                        config -> config.with(HASTY).with(limits));
        member.inbox().shelf(shelf);
        return member;
    }

    private CompletableFuture<Void> send() {
        return sender.transport().send(2, 6, stored);
    }

    private void assertArrived(CompletableFuture<Void> sent) {
        assertThat(sent).succeedsWithin(Duration.ofSeconds(30));
        assertThat(arriving.content()).isEqualTo(stored.content());
        assertThat(arriving.finished()).isTrue();
        assertThat(arriving.closed()).isTrue();
        assertThat(receiver.inbox().messages()).containsOnlyOnce(INSTALLED);
        await().until(stored::closed);
    }

    private void assertGivenUp(CompletableFuture<Void> sent, String why) {
        assertThatThrownBy(() -> sent.get(20, TimeUnit.SECONDS))
                .hasCauseInstanceOf(IOException.class)
                .hasMessageContaining(why);
        await().until(stored::closed);
        assertThat(receiver.inbox().messages()).doesNotContain(INSTALLED);
        assertThat(arriving.finished()).isFalse();
    }

    @Test
    void a_snapshot_arrives_whole_and_then_is_handed_to_the_receivers_core() {
        assertArrived(send());

        assertThat(arrivals).hasValue(1);
        assertThat(stored.bytesRead()).isEqualTo(stored.totalBytes());
    }

    @Test
    void a_snapshot_without_any_part_arrives_too() {
        MemoryStored empty = new MemoryStored();

        assertThat(sender.transport().send(2, 6, empty)).succeedsWithin(Duration.ofSeconds(10));
        assertThat(receiver.inbox().messages()).contains(INSTALLED);
    }

    @Test
    void no_more_is_read_than_the_receiver_has_room_for_and_messages_pass_meanwhile() {
        arriving.hold();
        CompletableFuture<Void> sent = send();
        arriving.let(3);
        await().until(() -> arriving.bytes() == 3 * Manifest.CHUNK_BYTES);
        await().until(() -> stored.bytesRead() >= WINDOW_BYTES);

        sender.transport().send(SAMPLES.append(1, 5 << 20));
        sender.transport().send(SAMPLES.heartbeat(1));

        await().until(() -> receiver.inbox().messages().size() == 2);
        assertThat(stored.bytesRead()).isLessThanOrEqualTo(3 * Manifest.CHUNK_BYTES + WINDOW_BYTES);
        arriving.letAll();
        assertArrived(sent);
    }

    @Test
    void a_broken_connection_costs_no_more_than_a_window() {
        arriving.hold();
        CompletableFuture<Void> sent = send();
        for (int cuts = 1; cuts <= 3; cuts++) {
            long before = arriving.bytes();
            arriving.let(20);
            await().until(() -> arriving.bytes() > before);
            network.cut();
        }
        arriving.letAll();

        assertArrived(sent);
        assertThat(arrivals).hasValue(1);
        assertThat(stored.bytesRead())
                .isLessThanOrEqualTo(stored.totalBytes() + 3 * 2 * WINDOW_BYTES);
    }

    @Test
    void bytes_that_the_network_damages_are_sent_again() {
        network.damageAfter(20 << 20);

        assertArrived(send());

        assertThat(network.carried()).isGreaterThan(stored.totalBytes());
    }

    @Test
    void a_snapshot_that_the_shelf_finds_damaged_is_given_up() {
        arriving.failToFinish(new IOException("000004.sst has a wrong checksum"));

        assertGivenUp(send(), "000004.sst has a wrong checksum");
        await().until(arriving::closed);
    }

    @Test
    void a_snapshot_that_is_not_wanted_is_given_up() {
        receiver.inbox()
                .shelf(_ -> {
                    throw new IllegalStateException("this member leads");
                });

        assertGivenUp(send(), "this member leads");
    }

    @Test
    void a_snapshot_that_can_not_be_read_is_given_up_on_both_sides() {
        stored.failAfter(10 << 20);

        assertGivenUp(send(), "read a snapshot to send it");
        await().until(arriving::closed);
    }

    @Test
    void a_snapshot_to_a_member_that_is_down_is_given_up_after_a_while() {
        receiver.close();

        assertGivenUp(send(), "nothing was heard");
    }

    @Test
    void a_receiver_that_starts_anew_is_sent_all_from_the_beginning() throws IOException {
        arriving.hold();
        CompletableFuture<Void> sent = send();
        arriving.let(20);
        await().until(() -> arriving.bytes() >= 19 * Manifest.CHUNK_BYTES);
        List<Peer> peers =
                List.of(
                        new Peer(1, "m1", List.of(url(sender))),
                        new Peer(2, "m2", List.of(url(receiver))));
        arriving.letAll();
        receiver.close();

        assertThat(arriving.closed()).isTrue();
        assertThat(arriving.finished()).isFalse();

        MemoryArriving again = new MemoryArriving();
        receiver = member(2, peers, _ -> again);

        assertThat(sent).succeedsWithin(Duration.ofSeconds(20));
        assertThat(again.finished()).isTrue();
        assertThat(again.bytes()).isEqualTo(stored.totalBytes());
    }

    private static String url(TestMember member) {
        InetSocketAddress address = member.transport().address();
        return "http://127.0.0.1:" + address.getPort();
    }

    @Test
    void a_newer_snapshot_takes_the_place_of_the_one_under_way() {
        arriving.hold();
        CompletableFuture<Void> first = send();
        await().until(() -> arrivals.get() == 1);
        MemoryArriving second = new MemoryArriving();
        receiver.inbox().shelf(_ -> second);

        CompletableFuture<Void> newer = sender.transport().send(2, 6, new MemoryStored(100));

        assertThatThrownBy(() -> first.get(20, TimeUnit.SECONDS))
                .hasMessageContaining("a newer snapshot");
        assertThat(newer).succeedsWithin(Duration.ofSeconds(20));
        arriving.letAll();
        await().until(arriving::closed);
        assertThat(arriving.finished()).isFalse();
        assertThat(second.finished()).isTrue();
    }

    @Test
    void a_receiver_that_is_no_member_any_more_gets_no_snapshot() {
        arriving.hold();
        CompletableFuture<Void> sent = send();
        await().until(() -> arrivals.get() == 1);

        sender.transport().members(List.of(new Peer(1, "m1", List.of(url(sender)))));

        assertGivenUp(sent, "no member any more");
    }

    @Test
    void closing_gives_up_what_is_under_way() {
        arriving.hold();
        CompletableFuture<Void> sent = send();
        await().until(() -> arrivals.get() == 1);
        arriving.letAll();

        sender.transport().close();
        receiver.transport().close();

        assertThat(sent).isDone();
        assertThat(stored.closed()).isTrue();
        assertThat(arriving.closed()).isTrue();
    }
}
