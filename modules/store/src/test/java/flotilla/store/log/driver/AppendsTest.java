package flotilla.store.log.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import flotilla.platform.disk.SimulatedDisk;
import flotilla.raft.log.Entry;
import flotilla.raft.log.HardState;
import flotilla.raft.log.SnapshotMark;
import flotilla.raft.members.ConfState;
import flotilla.raft.message.Message;
import flotilla.raft.message.Message.Append;
import flotilla.raft.message.Span;
import flotilla.store.log.Membership;
import flotilla.store.log.SnapshotShelf;
import flotilla.store.log.Transport;
import flotilla.store.log.wal.Wal;
import flotilla.store.log.wal.WalOptions;
import flotilla.store.log.wal.WalOwner;
import flotilla.store.peer.PeerReply;
import flotilla.store.peer.PeerRequest;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The leader of term 1, whose three entries are on the disk and not in memory. */
class AppendsTest {
    private static final WalOwner OWNER = new WalOwner(1, 7);
    private static final WalOptions NO_CACHE = new WalOptions(8_000, 1_024, 0);

    private final HandLoop loop = new HandLoop();
    private final Queue<Runnable> readers = new ArrayDeque<>();
    private final List<Message> sent = new ArrayList<>();
    private Wal wal;
    private boolean leads = true;
    private Appends appends;

    @BeforeEach
    void lead() throws IOException {
        var directory = new SimulatedDisk().directory("wal");
        Wal.create(directory, OWNER, NO_CACHE, new SnapshotMark(0, 0, ConfState.of(1, 2)));
        wal = Wal.open(directory, OWNER, NO_CACHE).wal();
        append(1, 3, 1);
        Sizes sizes = new Sizes(0);
        entries(1, 3, 1).forEach(sizes::append);
        appends =
                new Appends(
                        new Appends.Log(new LiveLog(wal.entries(), sizes), wal.entries()),
                        new Appends.Way(new Sent(), term -> leads && term == 1),
                        new Appends.Threads(loop, readers::add),
                        cause -> fail("reading the log", cause));
    }

    @AfterEach
    void close() throws IOException {
        wal.close();
    }

    @Test
    void what_is_not_in_memory_is_sent_when_it_was_read_and_in_order() {
        appends.send(append(0, 2));
        appends.send(append(2, 3));
        assertThat(sent).isEmpty();

        read();

        assertThat(sent)
                .containsExactly(
                        append(0, 2).with(entries(1, 2, 1)), append(2, 3).with(entries(3, 3, 1)));
    }

    @Test
    void what_was_read_when_the_leadership_was_lost_is_not_sent() throws IOException {
        appends.send(append(0, 3));
        appends.send(append(3, 3));
        leads = false;
        append(2, 2, 2); // The next leader's, in place of two.

        read();

        assertThat(sent).isEmpty();
        leads = true;
        appends.send(append(3, 3));
        assertThat(sent).as("nothing waits behind it").containsExactly(append(3, 3));
    }

    /** Until nothing is left to be read. */
    private void read() {
        while (!readers.isEmpty()) {
            readers.remove().run();
            loop.run();
        }
    }

    private static Append append(long prev, long last) {
        return new Append(1, 2, 1, new Span(prev, prev == 0 ? 0 : 1, last, 1), 0, List.of());
    }

    private void append(long first, long last, long term) throws IOException {
        wal.append(entries(first, last, term), new HardState(term, 0, 0));
        wal.sync();
    }

    private static List<Entry> entries(long first, long last, long term) {
        return LongStream.rangeClosed(first, last)
                .mapToObj(index -> new Entry(index, term, Entry.Kind.NORMAL, new byte[] {1}))
                .toList();
    }

    /** Notes what is sent. */
    private final class Sent implements Transport {
        @Override
        public void send(Message message) {
            sent.add(message);
        }

        @Override
        public CompletableFuture<PeerReply> ask(long member, PeerRequest request) {
            throw new UnsupportedOperationException("appends ask nobody");
        }

        @Override
        public CompletableFuture<Void> send(long member, long term, SnapshotShelf.Stored snapshot) {
            throw new UnsupportedOperationException("appends are no snapshots");
        }

        @Override
        public void members(Collection<Membership.Peer> members) {}

        @Override
        public OptionalLong reachedSince(long member) {
            return OptionalLong.empty();
        }

        @Override
        public void close() {}
    }
}
