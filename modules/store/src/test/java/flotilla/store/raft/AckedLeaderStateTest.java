package flotilla.store.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.function.Supplier;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.server.leader.LeaderState;
import org.apache.ratis.server.protocol.TermIndex;
import org.junit.jupiter.api.Test;

class AckedLeaderStateTest {
    private final QuorumAcks acks = new QuorumAcks(3);
    private final AckedLeaderState state = new AckedLeaderState(leader(), acks);
    private final Follower follower = new Follower();
    private long leaderCommit;

    AckedLeaderStateTest() {
        state.serve(follower);
    }

    @Test
    void a_follower_that_has_all_is_told_of_each_commit_index_once() {
        follower.at(10, 12, 13);
        assertThat(state.demanded()).isTrue();

        create(10);
        assertThat(state.demanded()).isFalse();

        follower.at(11, 12, 13);
        assertThat(state.demanded()).isTrue();
    }

    @Test
    void a_follower_that_is_sent_entries_again_gets_them_and_no_endless_heartbeats() {
        follower.at(10, 12, 4);

        assertThat(state.demanded()).as("entry 4 tells of the commit index").isFalse();
    }

    @Test
    void a_commit_index_travels_with_what_is_under_way_or_after_it() {
        follower.at(10, 12, 13);
        follower.pending = true;
        assertThat(state.demanded()).isFalse();
        create(-1);

        follower.pending = false;
        assertThat(state.demanded()).as("that request could not tell it").isTrue();
    }

    @Test
    void a_read_round_asks_for_one_request() {
        acks.nextRound();
        assertThat(state.demanded()).isTrue();

        create(-1);
        assertThat(state.demanded()).isFalse();
    }

    private void create(long commit) {
        leaderCommit = commit;
        state.newAppendEntriesRequestProto(
                unused(FollowerInfo.class), List.of(), TermIndex.valueOf(1, 12), 1);
    }

    /** Ratis' own state: tells followers what {@link #create} says. */
    private LeaderState leader() {
        return proxy(
                LeaderState.class,
                () -> AppendEntriesRequestProto.newBuilder().setLeaderCommit(leaderCommit).build());
    }

    private static <T> T unused(Class<T> type) {
        return proxy(
                type,
                () -> {
                    throw new UnsupportedOperationException();
                });
    }

    private static <T> T proxy(Class<T> type, Supplier<Object> answer) {
        return type.cast(
                Proxy.newProxyInstance(
                        type.getClassLoader(), new Class<?>[] {type}, (_, _, _) -> answer.get()));
    }

    private static final class Follower implements AckedLeaderState.Follower {
        private long commit;
        private long match;
        private long next;
        private boolean pending;

        void at(long commitIndex, long matchIndex, long nextIndex) {
            commit = commitIndex;
            match = matchIndex;
            next = nextIndex;
        }

        @Override
        public long commitIndex() {
            return commit;
        }

        @Override
        public long matchIndex() {
            return match;
        }

        @Override
        public long nextIndex() {
            return next;
        }

        @Override
        public boolean hasPendingDataRequests() {
            return pending;
        }

        @Override
        public void notifyLogAppender() {
            throw new UnsupportedOperationException();
        }
    }
}
