package flotilla.store.log.driver;

import flotilla.platform.disk.Directory;
import flotilla.platform.memory.MemoryBudget;
import flotilla.platform.memory.MemoryBudget.Share;
import flotilla.raft.RaftConfig;
import flotilla.store.log.Membership;
import flotilla.store.log.SnapshotShelf;
import flotilla.store.log.StateMachine;
import flotilla.store.log.wal.WalOptions;
import java.time.Duration;

/**
 * What a member's log is made of.
 *
 * @param membership who takes part, as bootstrap settled it; from then on the state knows
 * @param machine changed by the log only from here on
 * @param shelf the machine's checkpoints
 * @param directory where the log's files are
 * @param wal how large they are
 * @param times see there
 * @param reads up to which feature level its program reads
 * @param origin of what this member proposes and asks in this life; never used before by anybody
 */
public record MemberParts(
        Membership membership,
        StateMachine machine,
        SnapshotShelf shelf,
        Directory directory,
        WalOptions wal,
        Times times,
        int reads,
        long origin) {
    /**
     * @param tick of the core's clock: how often a leader is heard from
     * @param election how long a follower waits for a leader, up to twice that
     * @param request how long a request may take
     * @param snapshotEntries entries between two checkpoints
     */
    public record Times(Duration tick, Duration election, Duration request, int snapshotEntries) {
        public Times {
            if (election.compareTo(tick.multipliedBy(2)) < 0) {
                throw new IllegalArgumentException(
                        "election timeout " + election + " is under twice the heartbeat " + tick);
            }
            if (snapshotEntries < 1) {
                throw new IllegalArgumentException("a checkpoint after no entries");
            }
        }
    }

    long self() {
        return membership.self();
    }

    /** As the core is told. */
    RaftConfig core() {
        int electionTicks = Math.toIntExact(times.election().dividedBy(times.tick()));
        return new RaftConfig(
                self(),
                origin,
                new RaftConfig.Timing(electionTicks, 1),
                limits(MemoryBudget.ofThisJvm()));
    }

    /**
     * What is on its way is on the heap: on a small one less may be. What the transport holds for a
     * member must be enough for a window.
     */
    private static RaftConfig.Limits limits(MemoryBudget budget) {
        RaftConfig.Limits most = RaftConfig.Limits.DEFAULT;
        return new RaftConfig.Limits(
                most.appendBytes(),
                most.appendEntries(),
                most.windowMessages(),
                Math.min(most.windowBytes(), budget.bytes(Share.LOG_CACHE) / 4),
                Math.min(most.uncommittedBytes(), budget.bytes(Share.PROPOSALS)),
                most.reads());
    }
}
