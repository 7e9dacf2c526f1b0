package flotilla.sim.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import flotilla.sim.member.Member;
import flotilla.sim.member.Member.Running;
import flotilla.sim.model.Answer;
import flotilla.sim.model.Request;
import flotilla.sim.promise.History;
import flotilla.sim.promise.Promises;
import flotilla.sim.promise.Wording;
import flotilla.sim.world.World;
import flotilla.store.apply.Applied;
import flotilla.store.apply.mvcc.LimitedRoom;
import flotilla.store.apply.refusal.EtcdError;
import flotilla.store.apply.refusal.EtcdException;
import flotilla.store.command.Command;
import flotilla.store.leader.LeaseAnswer;
import flotilla.store.leader.LeaseQuestion;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Asks for one thing after the other, of any member, and holds the cluster to what it was told. */
public final class Client {
    /** How long it waits for an answer, at most; longer than members wait. */
    private static final long PATIENCE_NANOS = 12_000_000_000L;

    /** How many of a thousand puts hold in one term only. */
    private static final int BOUND_PERMILLE = 100;

    private final World world;
    private final List<Member> members;
    private final Promises promises;
    private final Wishes wishes;
    private final long pauseNanos;
    private @Nullable Asked asked;
    private boolean resting;

    /**
     * What is under way.
     *
     * @param known the newest revision that anybody knew when it was asked
     */
    private record Asked(long number, long at, long known) {}

    public Client(List<Member> members, Promises promises, Wishes wishes, Habit habit) {
        this.world = habit.world();
        this.members = members;
        this.promises = promises;
        this.wishes = wishes;
        this.pauseNanos = habit.pauseNanos();
    }

    /**
     * @param pauseNanos between an answer and the next question, typically
     */
    public record Habit(World world, long pauseNanos) {}

    /** Begins, or goes on. */
    public void begin() {
        resting = false;
        rest();
    }

    /** Asks for nothing new. */
    public void end() {
        resting = true;
    }

    /** Whether it waits for nothing any more. */
    public boolean isAtRest() {
        return resting && asked == null;
    }

    private void rest() {
        asked = null;
        if (!resting) {
            world.after(world.about(pauseNanos), "client", this::act);
        }
    }

    private void act() {
        Running running = members.get(world.random().nextInt(members.size())).running();
        if (running == null || resting) {
            rest();
            return;
        }
        Asked now = new Asked(world.happened(), world.now(), promises.told());
        asked = now;
        world.after(
                world.random().nextLong(PATIENCE_NANOS / 2, PATIENCE_NANOS),
                "impatience",
                () -> settle(now));
        int kind = world.random().nextInt(100);
        if (kind < 60) {
            write(running, now);
        } else if (kind < 90) {
            read(running, now);
        } else if (kind < 95) {
            readHere(running, now);
        } else {
            renew(running, now);
        }
    }

    /** Whether it still waited for that. */
    private boolean settle(Asked which) {
        boolean waited = which.equals(asked);
        if (waited) {
            rest();
        }
        return waited;
    }

    private void write(Running running, Asked now) {
        Request request = wishes.write();
        Command command =
                inTerm(
                        request,
                        Wording.command(request, wishes.ttlSeconds()),
                        running.log().status().term());
        History.Call call = promises.called(request);
        BiConsumer<Applied, @Nullable Throwable> told =
                (applied, failure) -> {
                    if (!settle(now)) {
                        return;
                    }
                    if (failure == null) {
                        wrote(now, call, command, applied);
                    } else {
                        failed(call, failure);
                    }
                };
        running.life()
                .after(
                        0,
                        "write",
                        () -> {
                            var _ = running.log().propose(command).whenComplete(told);
                        });
    }

    /** Some puts are to be done in the present term or not at all, as a lease's end is. */
    private Command inTerm(Request request, Command command, long term) {
        return request instanceof Request.Put && world.chance(BOUND_PERMILLE)
                ? command.toBuilder().setOnlyInTerm(term).build()
                : command;
    }

    private void wrote(Asked now, History.Call call, Command command, Applied applied) {
        if (command.getOnlyInTerm() != 0
                && applied instanceof Applied.Refused(EtcdError error)
                && error == EtcdError.NOT_LEADER) {
            refused(call);
            return;
        }
        if (applied instanceof Applied.Refused(EtcdError error) && !Wording.knows(error)) {
            throw world.broken("a refusal has a reason", "%s: %s", command, error);
        }
        Answer answer = Wording.answer(applied);
        call.answered(answer);
        promises.wrote(command, answer, now.known);
    }

    /** What a member says when there is nothing to be told of the state. */
    private void failed(History.Call call, Throwable failure) {
        EtcdError error = error(failure);
        switch (error) {
            case NO_LEADER, TOO_MANY_REQUESTS -> refused(call);
            case TIMEOUT, LEADER_CHANGED, STOPPED, NOT_LEADER -> {}
            default -> throw world.broken("a refusal has a reason", "%s", failure);
        }
    }

    private void refused(History.Call call) {
        call.cameToNothing();
        if (!(call.request() instanceof Request.Get)) {
            promises.refused(call.request());
        }
    }

    private EtcdError error(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure;
        if (cause instanceof EtcdException refusal) {
            return refusal.error();
        }
        throw world.broken("a refusal has a reason", "%s", failure);
    }

    private void read(Running running, Asked now) {
        Request.Get get = wishes.read();
        History.Call call = promises.called(get);
        BiConsumer<Void, @Nullable Throwable> told =
                (_, failure) -> {
                    if (!settle(now)) {
                        return;
                    }
                    if (failure != null) {
                        failed(call, failure);
                        return;
                    }
                    Answer answer = get(running, get);
                    call.answered(answer);
                    if (answer instanceof Answer.Got got) {
                        promises.got(running.life().toString(), get, got, now.known);
                    }
                };
        running.life()
                .after(
                        0,
                        "read",
                        () -> {
                            var _ = running.log().readBarrier().whenComplete(told);
                        });
    }

    /** Serializable: whatever the member has. */
    private void readHere(Running running, Asked now) {
        Request.Get get = wishes.read();
        running.life()
                .after(
                        0,
                        "serializable read",
                        () -> {
                            if (settle(now) && get(running, get) instanceof Answer.Got got) {
                                promises.got(running.life().toString(), get, got, 0);
                            }
                        });
    }

    private static Answer get(Running running, Request.Get get) {
        try {
            return Wording.answer(
                    running.state().range(Wording.range(get), LimitedRoom.unlimited()));
        } catch (EtcdException e) {
            return Wording.refused(e.error());
        }
    }

    private void renew(Running running, Asked now) {
        long lease = wishes.lease();
        LeaseQuestion question = LeaseQuestion.newBuilder().setId(lease).setRenew(true).build();
        BiConsumer<ByteString, @Nullable Throwable> told =
                (bytes, failure) -> {
                    if (settle(now) && failure == null) {
                        renewed(lease, now, bytes);
                    }
                };
        running.life()
                .after(
                        0,
                        "renewal",
                        () -> {
                            var _ =
                                    running.log()
                                            .askLeader(question.toByteString())
                                            .whenComplete(told);
                        });
    }

    private void renewed(long lease, Asked now, ByteString bytes) {
        try {
            LeaseAnswer answer = LeaseAnswer.parseFrom(bytes);
            if (answer.getFound()) {
                promises.renewed(lease, now.at, answer.getTtlSeconds());
            }
        } catch (InvalidProtocolBufferException e) {
            throw world.broken("answers can be read", "%s", e);
        }
    }
}
