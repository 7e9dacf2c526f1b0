package flotilla.store.log.driver;

import flotilla.raft.Restored;
import flotilla.raft.log.Entry;
import flotilla.raft.log.HardState;
import flotilla.raft.log.LogOutline;
import flotilla.raft.members.ConfChange.Transition;
import flotilla.store.apply.member.MemberBook;
import flotilla.store.apply.member.MemberChange;
import flotilla.store.apply.member.MemberChange.Source;
import flotilla.store.apply.member.Wish;
import flotilla.store.apply.refusal.EtcdException;
import flotilla.store.apply.refusal.UnreadableEntry;
import flotilla.store.log.wal.StoredEntries;
import flotilla.store.log.wal.Wal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes of one member's data a cluster of one, where the others are lost for good (etcd's
 * force-new-cluster): what this member doesn't know to be committed is dropped, and the removal of
 * all others is appended, as committed. The entries are of a later term than any before, so that
 * none has the place and term of one that a lost member may hold. Blocks on the disk.
 */
public final class Survivor {
    private static final Logger LOG = LoggerFactory.getLogger(Survivor.class);

    /** Read from the log at a time, in bytes of data. */
    private static final long RUN_BYTES = 4L << 20;

    private final MemberParts parts;
    private final Restored found;
    private final Wal wal;

    /** Up to where the log counts, and the members as of there. */
    private long commit;

    private MemberBook book;

    private Survivor(MemberParts parts, Beginning.Found found) {
        this.parts = parts;
        this.found = found.restored();
        this.wal = found.opened().wal();
        this.commit = this.found.applied();
        this.book = parts.machine().memberBook();
    }

    /**
     * Before the member takes part. Does nothing where there is no log, or it is alone already.
     *
     * @throws IOException if the disk can't be used, something on it is damaged, or this member is
     *     none of its cluster
     */
    public static void alone(MemberParts parts) throws IOException {
        if (!Wal.exists(parts.directory())) {
            LOG.warn("there is no log in {}: no cluster to force", parts.directory().place(""));
            return;
        }
        Beginning.Found found = new Beginning(parts).find();
        try (Wal wal = found.opened().wal()) {
            new Survivor(parts, found).force();
        }
    }

    private void force() throws IOException {
        walk();
        List<MemberChange> changes = changes();
        if (changes.isEmpty()) {
            return;
        }
        LogOutline log = found.log();
        LOG.warn(
                "forcing restart of member {} in cluster {} at commit index {}: without all other"
                        + " members, and without {} entries behind that, which it does not know to"
                        + " be committed",
                Long.toHexString(parts.self()),
                Long.toHexString(parts.membership().clusterId()),
                commit,
                log.lastIndex() - commit);
        long term = Math.max(found.state().term(), log.lastTerm()) + 1;
        List<Entry> entries = new ArrayList<>();
        for (MemberChange change : changes) {
            long index = commit + 1 + entries.size();
            entries.add(new Entry(index, term, change.kind(), change.bytes()));
        }
        wal.append(entries, new HardState(term, 0, entries.getLast().index()));
        wal.sync();
    }

    /** As the core sees it when it starts: the stored index is a hint. */
    private long committed() {
        return Math.max(
                Math.max(found.state().commit(), found.applied()), found.log().lastChangeButOne());
    }

    /**
     * Goes through what is not applied yet, as far as it is committed for certain: what is known to
     * be, and behind it what this member stored as the only voter.
     */
    private void walk() throws IOException {
        long known = committed();
        StoredEntries stored = wal.entries();
        for (long next = commit + 1; next <= stored.last(); next = commit + 1) {
            for (Entry entry : stored.read(next, stored.last() + 1, RUN_BYTES)) {
                if (entry.index() > known && !isOnlyVoter()) {
                    return;
                }
                book = entry.kind().changesMembers() ? after(book, entry) : book;
                commit = entry.index();
            }
        }
    }

    private boolean isOnlyVoter() {
        return !book.conf().joint() && book.conf().voters().equals(List.of(parts.self()));
    }

    private static MemberBook after(MemberBook book, Entry entry) throws IOException {
        try {
            return book.after(MemberChange.parse(entry.kind(), entry.data()));
        } catch (EtcdException _) {
            return book; // As every member refuses it.
        } catch (UnreadableEntry e) {
            throw e.stops(entry.index());
        }
    }

    /** What makes this member the only one; nothing where it is. */
    private List<MemberChange> changes() throws IOException {
        long self = parts.self();
        if (book.find(self).isEmpty()) {
            throw new IOException(
                    "--force-new-cluster: member %x is none of the cluster's as of its own data (%s): take the data of one that is, or start a new cluster with an empty data directory"
                            .formatted(
                                    self,
                                    book.isRemoved(self)
                                            ? "it was removed"
                                            : "it has yet to join"));
        }
        List<MemberChange> changes = new ArrayList<>();
        if (book.conf().joint()) {
            changes.add(new MemberChange(Transition.AUTO, List.of(), Source.NOBODY));
        }
        if (book.conf().learners().contains(self)) {
            changes.add(MemberChange.of(new Wish.Promote(self), Source.NOBODY));
        }
        book.members().stream()
                .filter(member -> member.getID() != self)
                .forEach(member ->
                        changes.add(
                                MemberChange.of(new Wish.Remove(member.getID()), Source.NOBODY)));
        return changes;
    }
}
