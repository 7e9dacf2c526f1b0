package flotilla.store.log.driver;

import flotilla.platform.disk.DamagedFile;
import flotilla.raft.Restored;
import flotilla.raft.log.Entry;
import flotilla.raft.log.HardState;
import flotilla.raft.log.LogOutline;
import flotilla.raft.log.SnapshotMark;
import flotilla.raft.members.ConfState;
import flotilla.store.apply.level.FeatureLevel;
import flotilla.store.log.Membership;
import flotilla.store.log.StartPoint;
import flotilla.store.log.StateMachine;
import flotilla.store.log.wal.DamagedLog;
import flotilla.store.log.wal.Opened;
import flotilla.store.log.wal.StoredEntries;
import flotilla.store.log.wal.Wal;
import flotilla.store.log.wal.WalOwner;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens what a member has on its disk, or begins it, and finds the one point from which state and
 * log go on together. Blocks.
 */
final class Beginning {
    private static final Logger LOG = LoggerFactory.getLogger(Beginning.class);

    /** Read from the log at a time, in bytes of data. */
    private static final long RUN_BYTES = 4L << 20;

    /**
     * What a member goes on from.
     *
     * @param newest last entry in the newest checkpoint, or before the log's first
     * @param fresh whether it has promised nothing yet: it has no entry, and has not voted
     */
    record Found(Opened opened, Restored restored, LiveLog live, long newest, boolean fresh) {}

    private final MemberParts parts;

    Beginning(MemberParts parts) {
        this.parts = parts;
    }

    Found find() throws IOException {
        Membership membership = parts.membership();
        WalOwner owner = new WalOwner(membership.self(), membership.clusterId());
        SnapshotMark first = first();
        if (!Wal.exists(parts.directory())) {
            refuseDataWithoutALog();
            Wal.create(parts.directory(), owner, parts.wal(), first);
        }
        Opened opened = Wal.open(parts.directory(), owner, parts.wal());
        opened.torn().ifPresent(torn -> LOG.warn("{}", torn));
        StateMachine machine = parts.machine();
        StoredEntries stored = opened.wal().entries();
        if (!membership.joins() && machine.appliedIndex() == 0 && stored.begin() == first.index()) {
            machine.begin(first, membership.members());
        }
        chooseState(stored);
        requireReadable();
        opened.requireHolds(machine.appliedIndex());
        return found(opened);
    }

    /** Where the log begins; whoever joins hears of it, and of the members, from the leader. */
    private SnapshotMark first() {
        if (parts.membership().joins()) {
            return SnapshotMark.NONE;
        }
        long[] voters =
                parts.membership().members().stream()
                        .mapToLong(Membership.Peer::id)
                        .sorted()
                        .toArray();
        return SnapshotMark.beginning(ConfState.of(voters));
    }

    /** A member without its log has forgotten whom it voted for and what it acknowledged. */
    private void refuseDataWithoutALog() throws IOException {
        boolean began = parts.machine().appliedIndex() > 0;
        if (began || !parts.shelf().marks().isEmpty()) {
            throw DamagedLog.in(
                    parts.directory().place(""),
                    "the log is gone, but the state beside it is there");
        }
    }

    /** Brings the state to where the log can take it on from. */
    private void chooseState(StoredEntries stored) throws IOException {
        List<SnapshotMark> marks = taken(stored);
        StartPoint.Found found =
                new StartPoint.Found(
                        parts.machine().appliedIndex(),
                        stored.begin() + 1,
                        stored.last(),
                        marks.stream().map(SnapshotMark::index).toList());
        switch (StartPoint.of(found)) {
            case StartPoint.Continue() -> {}
            case StartPoint.Restore(List<Long> checkpoints, boolean stateToo) -> {
                if (!restored(checkpoints, marks) && !stateToo) {
                    throw refused(StartPoint.unreached(found).why());
                }
            }
            case StartPoint.Refuse(String why) -> throw refused(why);
        }
    }

    /**
     * The checkpoints that the log knows of. One that reaches further came from another member, and
     * the power failed before the log went on from it: it is as if it had never come.
     */
    private List<SnapshotMark> taken(StoredEntries stored) throws IOException {
        List<SnapshotMark> taken = new ArrayList<>();
        for (SnapshotMark mark : parts.shelf().marks()) {
            if (mark.index() <= stored.last()) {
                taken.add(mark);
            } else {
                LOG.warn(
                        "the checkpoint of entry {} is dropped: the log ends with entry {}",
                        mark.index(),
                        stored.last());
                parts.shelf().drop(mark);
            }
        }
        return taken;
    }

    private void requireReadable() throws IOException {
        Optional<String> refusal = FeatureLevel.refusal(parts.machine().level(), parts.reads());
        if (refusal.isPresent()) {
            throw new IOException(parts.directory().place("") + ": " + refusal.get());
        }
    }

    private DamagedLog refused(String why) {
        return DamagedLog.in(parts.directory().place(""), why);
    }

    /** Restores the first that is sound, and drops those before it that are not. */
    private boolean restored(List<Long> indexes, List<SnapshotMark> marks) throws IOException {
        for (long index : indexes) {
            SnapshotMark mark =
                    marks.stream().filter(one -> one.index() == index).findFirst().orElseThrow();
            try {
                LOG.warn("making the state anew from the checkpoint of entry {}", index);
                parts.shelf().restore(mark);
                return true;
            } catch (DamagedFile e) {
                LOG.warn("{}", e.getMessage());
            }
        }
        return false;
    }

    private Found found(Opened opened) throws IOException {
        StoredEntries stored = opened.wal().entries();
        long base = stored.begin();
        long term = stored.term(base).orElseThrow();
        ConfState members = parts.machine().confState();
        LogOutline outline = new LogOutline(new SnapshotMark(base, term, members));
        Sizes sizes = new Sizes(base);
        for (long next = base + 1; next <= stored.last(); ) {
            List<Entry> run = stored.read(next, stored.last() + 1, RUN_BYTES);
            for (Entry entry : run) {
                outline.append(entry);
                sizes.append(entry);
            }
            next += run.size();
        }
        Restored restored =
                new Restored(opened.state(), outline, parts.machine().appliedIndex(), members);
        boolean fresh = opened.state().equals(HardState.NONE) && stored.last() == base;
        List<SnapshotMark> marks = parts.shelf().marks();
        long newest = marks.isEmpty() ? base : marks.getLast().index();
        return new Found(opened, restored, new LiveLog(stored, sizes), newest, fresh);
    }
}
