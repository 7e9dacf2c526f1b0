package flotilla.store.watch;

import flotilla.protocol.WatchCreateRequest;
import flotilla.store.apply.mvcc.Commit;
import flotilla.store.apply.mvcc.KeyChange;
import flotilla.store.apply.mvcc.Revision;
import flotilla.store.apply.refusal.EtcdError;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells watchers what happened: everything from their start revision on, in order, once.
 *
 * <p>A watcher is either <em>synced</em> or <em>lagging</em>. The hub has dispatched all commits up
 * to one revision; synced watchers have been told of all of those, and hear of the next through an
 * index. A lagging watcher has a position of its own and reads history from there, a page at a
 * time, until it has reached what the hub has dispatched; then it is synced. One thread does both,
 * so a commit can't slip between them and can't be told twice.
 *
 * <p>A watcher starts to lag when its start is in the past, when its sink isn't ready at the moment
 * of an event, and when the hub itself was too slow for its {@link EventLog}. So a slow client
 * costs a number, not a queue. When compaction overtakes a lagging watcher it is canceled, with the
 * compact revision.
 *
 * <p>{@link #work} belongs to one thread; all other public methods may be called from any.
 */
public final class WatchHub {
    /** Bytes of commits dispatched or caught up with in one step, and what ends the last. */
    static final int STEP_BYTES_MAX = 1 << 20;

    /** Bytes of changes of one revision that are read, and so told, at once. */
    static final int REVISION_BYTES_MAX = 4 << 20;

    private final EventLog log;
    private final History history;
    private final WatchLimits limits;
    private final WatchRequests requests;
    private final WatcherIndex synced = new WatcherIndex();
    private final CatchUp catchUp;
    private final Answers answers;
    private final Set<WatchStream> askedProgress = new LinkedHashSet<>();
    private volatile Runnable waker = () -> {};
    private long dispatched;
    private long watchers;
    private long watchersBytes;

    /**
     * @param history where to read what is past
     * @param revision the newest revision; watches without a start begin after it
     * @param fragmentBytesMax how large a response may be before it is split, where a watch allows
     */
    public WatchHub(History history, long revision, int fragmentBytesMax, WatchLimits limits) {
        this.log = new EventLog(revision);
        this.history = history;
        this.catchUp = new CatchUp(history);
        this.answers = new Answers(fragmentBytesMax);
        this.dispatched = revision;
        this.limits = limits;
        this.requests = new WatchRequests(limits.bytes() / 2);
    }

    /** Whom to tell when {@link #work} has something to do. */
    public void onWork(Runnable wake) {
        this.waker = wake;
    }

    public WatchStream open(WatchSink sink) {
        return new WatchStream(this, sink);
    }

    /** Commits, in order, once reads see them. Called by the thread that applies; never waits. */
    public void publish(List<Commit> commits) {
        if (!commits.isEmpty()) {
            boolean heard = false;
            for (Commit commit : commits) {
                heard |= log.append(commit);
            }
            if (heard) {
                waker.run();
            }
        }
    }

    /** The whole state was replaced and now stands at a revision. */
    public void jump(long revision) {
        log.jump(revision);
        waker.run();
    }

    /**
     * Sends an empty response to each watcher that asked for progress and has heard nothing since
     * the last call. Called once an interval (etcd: ten minutes).
     */
    public void notifyIdle() {
        submitAlways(this::tellIdle);
    }

    void wake() {
        waker.run();
    }

    /**
     * Queues what a client asks; refused with TOO_MANY_REQUESTS when too much waits.
     *
     * @param bytes of what it says
     */
    void submit(long bytes, Runnable work) {
        requests.add(bytes, work);
        waker.run();
    }

    void submitAlways(Runnable work) {
        requests.addAlways(work);
        waker.run();
    }

    /**
     * Does one bounded step: the waiting requests, some new commits, one page of history.
     *
     * @return whether there is more to do just now
     */
    public boolean work() {
        requests.work();
        dispatch(log.drain(STEP_BYTES_MAX));
        boolean behind = catchUp.step(this, dispatched);
        answerProgress();
        return behind || !log.isEmpty() || !requests.isEmpty();
    }

    private void dispatch(EventLog.Drained drained) {
        if (drained.gap()) {
            new ArrayList<>(synced.all()).forEach(watcher -> lag(watcher, dispatched + 1));
        }
        Set<Watcher> told = new LinkedHashSet<>();
        StepRoom room = new StepRoom();
        for (Commit commit : drained.commits()) {
            if (room.isFull()) {
                tell(told, commit.revision() - 1);
                told.clear();
                room = new StepRoom();
            }
            for (KeyChange change : commit.changes()) {
                SharedEvent shared = new SharedEvent(change, history, room);
                synced.forEachOf(
                        change.key(),
                        watcher -> {
                            watcher.gather(shared);
                            told.add(watcher);
                        });
            }
        }
        tell(told, Math.max(dispatched, drained.revision()));
    }

    /** Tells synced watchers what they have gathered of everything up to a revision. */
    private void tell(Set<Watcher> told, long upTo) {
        long from = dispatched + 1;
        dispatched = upTo;
        for (Watcher watcher : told) {
            if (!watcher.hasGathered()) {
                continue;
            }
            if (!watcher.stream.sink().ready()) {
                watcher.forget();
                lag(watcher, from);
                continue;
            }
            answers.events(watcher, Revision.first(upTo + 1));
            if (watcher.position.main() <= upTo) {
                lag(watcher, from); // not all that it wants found room
            }
        }
    }

    /** Leaves a synced watcher behind; what it heard of before {@code from} it need not again. */
    private void lag(Watcher watcher, long from) {
        synced.remove(watcher);
        if (watcher.position.main() < from) {
            watcher.position = Revision.first(from);
        }
        catchUp.add(watcher);
    }

    void sync(Watcher watcher) {
        synced.add(watcher);
    }

    Answers answers() {
        return answers;
    }

    void create(WatchStream stream, WatchCreateRequest request) {
        if (stream.closed) {
            return;
        }
        String refusal = refusal(stream, request);
        if (refusal != null) {
            answers.refused(stream, log.revision(), refusal);
            return;
        }
        long revision = log.listen();
        if (watchers == 0) {
            dispatched = Math.max(dispatched, revision); // nothing was kept while nobody watched
        }
        long start = request.getStartRevision();
        Watcher watcher =
                new Watcher(
                        stream,
                        newId(stream, request.getWatchId()),
                        request,
                        start == 0 ? revision + 1 : start);
        stream.watchers.put(watcher.id, watcher);
        watchers++;
        watchersBytes += watcher.bytes();
        answers.created(watcher, revision);
        if (watcher.position.main() > dispatched) {
            synced.add(watcher);
        } else {
            catchUp.add(watcher);
        }
    }

    private @Nullable String refusal(WatchStream stream, WatchCreateRequest request) {
        if (stream.watchers.size() >= limits.perStream()) {
            return "etcdserver: too many watches on this stream: " + limits.perStream();
        }
        if (watchers >= limits.perMember()
                || watchersBytes + Watcher.bytes(request) > limits.bytes()) {
            return "etcdserver: too many watches on this member: " + watchers;
        }
        if (Watcher.rangeOf(request).isEmpty()) {
            return "mvcc: watcher range is empty";
        }
        if (request.getStartRevision() < 0) {
            return EtcdError.COMPACTED.text();
        }
        if (request.getWatchId() != 0 && stream.isTaken(request.getWatchId())) {
            return "mvcc: duplicate watch ID provided on the WatchStream";
        }
        return null;
    }

    private static long newId(WatchStream stream, long wanted) {
        if (wanted != 0) {
            return wanted;
        }
        while (stream.isTaken(stream.nextId)) {
            stream.nextId++;
        }
        return stream.nextId++;
    }

    void cancel(WatchStream stream, long watchId) {
        Watcher watcher = stream.watchers.get(watchId);
        if (watcher != null) {
            drop(watcher);
            answers.canceled(stream, watchId, log.revision());
        } else if (stream.forgetEnded(watchId)) {
            answers.canceled(stream, watchId, log.revision());
        }
    }

    /** Ends a watcher whose next revision is no longer there. */
    void compacted(Watcher watcher, long compactRevision) {
        drop(watcher);
        watcher.stream.endedByCompaction(watcher.id);
        answers.compacted(watcher, dispatched, compactRevision);
    }

    /** Forgets a watcher. */
    void drop(Watcher watcher) {
        watcher.stream.watchers.remove(watcher.id);
        synced.remove(watcher);
        catchUp.remove(watcher);
        watchers--;
        watchersBytes -= watcher.bytes();
        if (watchers == 0) {
            log.ignore();
        }
    }

    void closeStream(WatchStream stream) {
        stream.closed = true;
        askedProgress.remove(stream);
        List.copyOf(stream.watchers.values()).forEach(this::drop);
    }

    void askProgress(WatchStream stream) {
        if (!stream.closed) {
            askedProgress.add(stream);
        }
    }

    private void answerProgress() {
        askedProgress.removeIf(stream -> {
            boolean current = stream.watchers.values().stream().allMatch(synced::contains);
            if (current) {
                answers.progress(stream, -1, dispatched);
            }
            return current;
        });
    }

    private void tellIdle() {
        for (Watcher watcher : synced.all()) {
            boolean due =
                    watcher.wantsProgress()
                            && !watcher.busy
                            && watcher.position.main() <= dispatched;
            if (due && watcher.stream.sink().ready()) {
                answers.progress(watcher.stream, watcher.id, dispatched);
            }
            watcher.busy = false;
        }
    }
}
