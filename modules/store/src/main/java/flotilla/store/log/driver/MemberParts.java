package flotilla.store.log.driver;

import flotilla.platform.disk.Directory;
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
 * @param joins whether this member comes to a group that runs: it then begins with nothing, and the
 *     leader sends it all
 * @param strict whether changes of members that endanger the quorum are refused
 * @param machine changed by the log only from here on
 * @param shelf the machine's checkpoints
 * @param directory where the log's files are
 * @param wal how large they are
 * @param times see there
 * @param origin of what this member proposes and asks in this life; never used before by anybody
 */
public record MemberParts(
        Membership membership,
        boolean joins,
        boolean strict,
        StateMachine machine,
        SnapshotShelf shelf,
        Directory directory,
        WalOptions wal,
        Times times,
        long origin) {
    /**
     * @param tick of the core's clock: how often a leader is heard from
     * @param election how long a follower waits for a leader, up to twice that
     * @param request how long a request may take
     * @param snapshotEntries entries between two checkpoints
     */
    public record Times(Duration tick, Duration election, Duration request, int snapshotEntries) {}

    long self() {
        return membership.self();
    }

    /** As the core is told. */
    RaftConfig core() {
        int electionTicks = Math.toIntExact(times.election().dividedBy(times.tick()));
        return new RaftConfig(
                self(), origin, new RaftConfig.Timing(electionTicks, 1), RaftConfig.Limits.DEFAULT);
    }
}
