package flotilla.store.raft;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.store.peer.PeerRequest;
import flotilla.store.peer.ReadIndexRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.ratis.client.RaftClientRpc;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class PeerCallsTest {
    private static final long MEMBER = 7;
    private static final PeerRequest QUESTION =
            PeerRequest.newBuilder().setReadIndex(ReadIndexRequest.getDefaultInstance()).build();

    private final Transport transport = new Transport();
    private final PeerCalls calls =
            new PeerCalls(RaftGroup.valueOf(RaftGroupId.valueOf(new UUID(1, 2))), transport);

    @Test
    void requests_that_fail_together_cost_one_connection_and_wait_for_no_close() {
        List<CompletableFuture<?>> asked = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            asked.add(calls.ask(MEMBER, QUESTION));
        }

        transport.failOpen();

        assertThat(asked).allMatch(CompletableFuture::isCompletedExceptionally);
        transport.closeSlowly.countDown();
        Awaitility.await().until(() -> transport.reconnected.get() == 1);
        assertThat(transport.reconnects.get()).isEqualTo(1);
    }

    @Test
    void a_connection_that_fails_later_is_replaced_again() {
        transport.closeSlowly.countDown();
        for (int round = 1; round <= 3; round++) {
            int expected = round;
            Awaitility.await("connection " + round + " given up")
                    .until(() -> {
                        CompletableFuture<?> asked = calls.ask(MEMBER, QUESTION);
                        transport.failOpen();
                        return asked.isCompletedExceptionally()
                                && transport.reconnected.get() >= expected;
                    });
        }
    }

    /** Leaves requests open until they are failed, and closes connections as slowly as Ratis. */
    private static final class Transport implements RaftClientRpc {
        final CountDownLatch closeSlowly = new CountDownLatch(1);
        final AtomicInteger reconnects = new AtomicInteger();
        final AtomicInteger reconnected = new AtomicInteger();
        private final List<CompletableFuture<RaftClientReply>> open = new ArrayList<>();

        @Override
        public synchronized CompletableFuture<RaftClientReply> sendRequestAsyncUnordered(
                RaftClientRequest request) {
            CompletableFuture<RaftClientReply> reply = new CompletableFuture<>();
            open.add(reply);
            return reply;
        }

        synchronized void failOpen() {
            open.forEach(reply -> reply.completeExceptionally(new IOException("cut off")));
            open.clear();
        }

        @Override
        public boolean handleException(RaftPeerId member, Throwable failure, boolean reconnect) {
            reconnects.incrementAndGet();
            failOpen(); // As closing does.
            try {
                closeSlowly.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            reconnected.incrementAndGet();
            return true;
        }

        @Override
        public RaftClientReply sendRequest(RaftClientRequest request) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void addRaftPeers(Collection<RaftPeer> members) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {
            failOpen();
        }
    }
}
