package flotilla.store.watch;

import flotilla.platform.memory.MemoryBudget;
import flotilla.platform.memory.MemoryBudget.Share;
import flotilla.store.apply.mvcc.Commit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * The newest commits on their way from the thread that applies to the hub: one log for all
 * watchers. It never makes the writer wait: when the hub is too slow it drops everything and says
 * so, and the hub reads from history instead.
 */
final class EventLog {
    /** Commits held at most. */
    static final int COMMITS_MAX = 8192;

    /** Bytes of keys and values held at most. */
    static final long BYTES_MAX = MemoryBudget.ofThisJvm().bytes(Share.EVENT_HISTORY);

    private final ArrayDeque<Commit> commits = new ArrayDeque<>();
    private long bytes;
    private boolean dropped;
    private boolean listening;
    private long revision;

    EventLog(long revision) {
        this.revision = revision;
    }

    /**
     * What has come.
     *
     * @param gap commits are missing before those here: history has them
     * @param revision all commits up to it are delivered with this drain or before, or in the gap
     */
    record Drained(boolean gap, List<Commit> commits, long revision) {}

    /** Whether anybody listens, and so should be woken. */
    synchronized boolean append(Commit commit) {
        revision = commit.revision();
        if (!listening) {
            return false;
        }
        if (!commit.whole()) {
            drop(); // history has it
            return true;
        }
        commits.add(commit);
        bytes += commit.size();
        if (commits.size() > COMMITS_MAX || bytes > BYTES_MAX) {
            drop();
        }
        return true;
    }

    /**
     * From now on commits are kept; returns the newest revision, which is the last not kept if
     * nobody listened before.
     */
    synchronized long listen() {
        listening = true;
        return revision;
    }

    /** Nobody watches any more: commits needn't be kept. */
    synchronized void ignore() {
        listening = false;
        commits.clear();
        bytes = 0;
    }

    /** The state jumped to a revision; what led there is in history, if anywhere. */
    synchronized void jump(long toRevision) {
        revision = toRevision;
        drop();
    }

    private void drop() {
        commits.clear();
        bytes = 0;
        dropped = true;
    }

    /** The newest revision there is. */
    synchronized long revision() {
        return revision;
    }

    /** Takes the oldest commits, up to a little more than {@code bytesMax}. */
    synchronized Drained drain(int bytesMax) {
        boolean gap = dropped;
        dropped = false;
        List<Commit> taken = new ArrayList<>();
        long takenBytes = 0;
        if (gap && commits.isEmpty()) {
            return new Drained(true, List.of(), revision);
        }
        while (!commits.isEmpty() && takenBytes < bytesMax) {
            Commit commit = commits.remove();
            takenBytes += commit.size();
            taken.add(commit);
        }
        bytes -= takenBytes;
        long upTo = commits.isEmpty() ? revision : commits.element().revision() - 1;
        return new Drained(gap, taken, upTo);
    }

    synchronized boolean isEmpty() {
        return commits.isEmpty() && !dropped;
    }
}
