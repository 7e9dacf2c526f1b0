package flotilla.sim.client;

import flotilla.protocol.Event;
import flotilla.protocol.WatchCreateRequest;
import flotilla.protocol.WatchResponse;
import flotilla.sim.member.Member;
import flotilla.sim.member.Member.Running;
import flotilla.sim.promise.Promises;
import flotilla.sim.promise.Promises.Change;
import flotilla.sim.promise.Wording;
import flotilla.sim.world.Life;
import flotilla.sim.world.World;
import flotilla.store.watch.WatchSink;
import flotilla.store.watch.WatchStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Watches all keys, at one member after the other, from where it was: must be told of each revision
 * once, in order, and of none too few.
 */
public final class Watching {
    /** How often it looks whether its member is still there. */
    private static final long LOOK_NANOS = 300_000_000;

    private final World world;
    private final List<Member> members;
    private final Promises promises;
    private long next = 2;
    private @Nullable Sink sink;

    public Watching(World world, List<Member> members, Promises promises) {
        this.world = world;
        this.members = members;
        this.promises = promises;
    }

    public void begin() {
        world.after(world.about(LOOK_NANOS), "watcher", this::look);
    }

    /** Whether it was told of everything there is. */
    public boolean isCurrent() {
        return next > promises.newest().revision();
    }

    private void look() {
        Sink now = sink;
        if (now == null || now.life.ended() || world.chance(50)) {
            if (now != null) {
                now.end();
            }
            Running running = members.get(world.random().nextInt(members.size())).running();
            sink = running == null ? null : new Sink(running);
        } else {
            now.look();
        }
        begin();
    }

    /** One stream at one member. */
    private final class Sink implements WatchSink {
        private final Life life;
        private final WatchStream stream;
        private boolean ready = true;
        private boolean ended;

        Sink(Running running) {
            life = running.life();
            stream = running.state().watches().open(this);
            stream.create(
                    WatchCreateRequest.newBuilder()
                            .setKey(Wording.bytes("\0"))
                            .setRangeEnd(Wording.bytes("\0"))
                            .setStartRevision(next)
                            .build());
        }

        /** Is slow now and then. */
        void look() {
            ready = !world.chance(200);
            if (ready) {
                stream.resume();
            }
        }

        void end() {
            ended = true;
            stream.close();
        }

        @Override
        public boolean ready() {
            return ready;
        }

        @Override
        public void send(WatchResponse response) {
            if (ended) {
                return;
            }
            if (response.getCanceled()) {
                ended(response);
                return;
            }
            List<Event> events = response.getEventsList();
            for (int from = 0; from < events.size(); ) {
                long revision = events.get(from).getKv().getModRevision();
                List<Change> changes = new ArrayList<>();
                while (from < events.size()
                        && events.get(from).getKv().getModRevision() == revision) {
                    changes.add(change(events.get(from)));
                    from++;
                }
                told(revision, changes);
            }
        }

        private Change change(Event event) {
            return new Change(
                    event.getKv().getKey().toStringUtf8(),
                    event.getType() == Event.EventType.DELETE
                            ? null
                            : event.getKv().getValue().toStringUtf8());
        }

        private void told(long revision, List<Change> changes) {
            if (revision != next) {
                throw world.broken(
                        "a watcher is told of each revision once, in order",
                        "%s tells of %d, not of %d",
                        life,
                        revision,
                        next);
            }
            promises.watched(life.toString(), revision, changes);
            next++;
        }

        /** Only compaction may do that: what it took is not told of. */
        private void ended(WatchResponse response) {
            if (response.getCompactRevision() < next) {
                throw world.broken("a watch goes on", "%s from %d: %s", life, next, response);
            }
            next = response.getCompactRevision();
            ended = true;
            sink = null;
        }
    }
}
