package flotilla.sim;

import flotilla.sim.member.Member;
import flotilla.sim.member.Member.Running;
import flotilla.sim.world.World;
import flotilla.store.apply.Applied;
import flotilla.store.apply.member.MemberBook;
import flotilla.store.apply.member.Wish;
import flotilla.store.apply.refusal.EtcdException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who adds, promotes and removes members under way, one after the other, as careful as one
 * must be who knows no more than the members tell: a machine whose disk is gone is taken out before
 * anything else is done, and no second one is lost meanwhile.
 */
final class Operator {
    /** Most machines of a run, those that went included. */
    private static final int MACHINES_MAX = 12;

    /** How many of a thousand machines that are added never start. */
    private static final int MISSING_PERMILLE = 250;

    /** Most members at once. */
    private static final int MEMBERS_MAX = 6;

    /**
     * How often it looks whether a member that was added is known, and one that was removed gone.
     */
    private static final long LOOK_NANOS = 300_000_000;

    private final World world;
    private final List<Member> members;
    private final LongFunction<Member> machines;
    private final long pauseNanos;
    private final List<Long> removed = new ArrayList<>();

    /** Machines that somebody was asked to add, whatever came of it. */
    private final Set<Long> asked = new TreeSet<>();

    /** Members that somebody was asked to remove, whatever came of it. */
    private final Set<Long> leaving = new TreeSet<>();

    /** Machines that are added and never start. */
    private final Set<Long> missing = new TreeSet<>();

    /** Those of them of which nobody has said whether they were added. */
    private final Set<Long> unsettled = new TreeSet<>();

    /** Wishes that nobody has answered for certain. */
    private int open;

    private boolean over;

    /**
     * @param members of all times; those that come are added
     * @param machines makes a member of that id, not yet started
     * @param pauseNanos between two changes, typically
     */
    Operator(World world, List<Member> members, LongFunction<Member> machines, long pauseNanos) {
        this.world = world;
        this.members = members;
        this.machines = machines;
        this.pauseNanos = pauseNanos;
    }

    void begin() {
        look();
        actLater();
    }

    /** From now on it only ends what it began. */
    void end() {
        over = true;
    }

    /** Whether all that was begun has come to its end: nobody in the group is lost. */
    boolean isDone() {
        MemberBook book = newest();
        return book != null
                && members.stream()
                        .filter(member -> book.find(member.id()).isPresent())
                        .noneMatch(this::isGone);
    }

    private boolean isGone(Member member) {
        return member.isLost() || missing.contains(member.id());
    }

    /** The members as whoever has applied most has them; null if nobody runs. */
    @Nullable MemberBook newest() {
        return members.stream()
                .map(Member::running)
                .filter(running -> running != null)
                .max(Comparator.comparingLong(running -> running.state().appliedIndex()))
                .map(running -> running.state().memberBook())
                .orElse(null);
    }

    private void actLater() {
        world.after(over ? LOOK_NANOS : world.about(pauseNanos), "operator", this::act);
    }

    private void act() {
        actLater();
        MemberBook book = newest();
        Running running = members.get(world.random().nextInt(members.size())).running();
        if (book == null || running == null) {
            return;
        }
        Member lost =
                members.stream()
                        .filter(member -> member.isLost() || (over && isGone(member)))
                        .filter(member -> book.find(member.id()).isPresent())
                        .findFirst()
                        .orElse(null);
        if (lost != null) {
            ask(running, new Wish.Remove(lost.id()));
        } else if (!over) {
            change(book, running);
        }
    }

    private void change(MemberBook book, Running running) {
        List<Long> ids = book.members().stream().map(flotilla.protocol.Member::getID).toList();
        int kind = world.random().nextInt(100);
        if (kind < 35 && ids.size() < MEMBERS_MAX) {
            add(running, world.random().nextBoolean(), book);
        } else if (kind < 60 && !book.conf().learners().isEmpty()) {
            ask(running, new Wish.Promote(book.conf().learners().getFirst()));
        } else if (kind < 85 && ids.size() > 1) {
            long victim = victim(ids);
            if (!mayAddMissing(book)) {
                ask(running, new Wish.Remove(victim));
            }
        } else if (kind < 88 && !removed.isEmpty()) {
            long id = removed.get(world.random().nextInt(removed.size()));
            ask(running, new Wish.AddVoter(record(id)));
        } else if (book.voters().size() > 2 && open == 0) {
            loseADisk(book);
        }
    }

    /** As often as not who leads. */
    private long victim(List<Long> ids) {
        long any = ids.get(world.random().nextInt(ids.size()));
        return world.random().nextBoolean()
                ? ids.stream().filter(this::leads).findFirst().orElse(any)
                : any;
    }

    private boolean leads(long id) {
        return members.stream()
                .filter(member -> member.id() == id)
                .map(Member::running)
                .anyMatch(running -> running != null && running.log().status().isLeader());
    }

    /**
     * Perhaps a machine that never starts: what is left of the others' votes must be enough, which
     * the members see to. But for one case: a lone voter takes in any second one, as in etcd (so a
     * lost cluster is restored), and from then on nothing is decided without that one. Who adds it
     * has to start it, and the cluster can't be blamed where nobody does.
     */
    private void add(Running running, boolean learner, MemberBook book) {
        Member newcomer = newcomer();
        if (newcomer == null) {
            return;
        }
        // Its fate is settled when it is asked for first: a lone voter's second one may be asked
        // for again here before it has started.
        boolean isFirst = asked.add(newcomer.id());
        boolean carelessly = book.voters().size() > 1 && world.chance(MISSING_PERMILLE);
        if (carelessly && isFirst && hasNoLoneVoter(book)) {
            missing.add(newcomer.id());
            unsettled.add(newcomer.id());
        }
        flotilla.protocol.Member record = record(newcomer.id());
        ask(running, learner ? new Wish.AddLearner(record) : new Wish.AddVoter(record));
    }

    /** Nor will have, whatever comes of the removals that were asked for. */
    private boolean hasNoLoneVoter(MemberBook book) {
        return book.conf().voters().stream().filter(id -> !leaving.contains(id)).count() > 1;
    }

    /** Whether a machine that never starts may be about to be added: then nobody is removed. */
    private boolean mayAddMissing(MemberBook book) {
        return unsettled.stream().anyMatch(id -> book.find(id).isEmpty());
    }

    /** One that was never added as far as is known, or a new one; null if there were enough. */
    private @Nullable Member newcomer() {
        for (Member member : members) {
            if (!member.hasJoined() && !isGone(member) && !removed.contains(member.id())) {
                return member;
            }
        }
        if (members.size() >= MACHINES_MAX) {
            return null;
        }
        Member next = machines.apply(members.size() + 1L);
        members.add(next);
        return next;
    }

    private static flotilla.protocol.Member record(long id) {
        return flotilla.protocol.Member.newBuilder().setID(id).addPeerURLs("http://m" + id).build();
    }

    /** Only where all others are there, and are enough. */
    private void loseADisk(MemberBook book) {
        List<Member> voters =
                members.stream()
                        .filter(member -> book.conf().voters().contains(member.id()))
                        .toList();
        boolean whole =
                voters.size() == book.conf().voters().size()
                        && voters.stream().allMatch(voter -> voter.running() != null);
        if (whole) {
            voters.get(world.random().nextInt(voters.size())).lose();
        }
    }

    private void ask(Running running, Wish wish) {
        open++;
        if (wish instanceof Wish.Remove(long id)) {
            leaving.add(id);
        }
        boolean gone = removed.contains(wish.id()) && !(wish instanceof Wish.Remove);
        running.life()
                .after(
                        0,
                        "change of members",
                        () -> {
                            var _ =
                                    running.log()
                                            .changeMembers(wish)
                                            .whenComplete((answer, failure) ->
                                                    heard(wish, gone, answer, failure));
                        });
    }

    /**
     * @param gone whether it was for a member of which it was known that it is removed
     */
    private void heard(
            Wish wish, boolean gone, @Nullable Applied answer, @Nullable Throwable failure) {
        if (failure == null || isCertain(cause(failure), wish)) {
            open--;
            unsettled.remove(wish.id());
        }
        if (!(answer instanceof Applied.Done)) {
            return;
        }
        if (gone) {
            throw world.broken("who was removed never returns", "%s", wish);
        }
        if (wish instanceof Wish.Remove(long id) && !removed.contains(id)) {
            removed.add(id);
        }
    }

    /** Whether it was refused, and not only left without an answer. */
    private boolean isCertain(Throwable cause, Wish wish) {
        if (cause instanceof EtcdException refusal) {
            return switch (refusal.error()) {
                case TIMEOUT, STOPPED, LEADER_CHANGED -> false;
                default -> true;
            };
        }
        throw world.broken("a refusal has a reason", "%s: %s", wish, cause);
    }

    private static Throwable cause(Throwable failure) {
        return failure.getCause() == null ? failure : failure.getCause();
    }

    /** By one of those who stay: until then its vote may be needed. */
    private boolean isKnownToBeRemoved(Member member, MemberBook book) {
        return members.stream()
                .filter(other -> book.find(other.id()).isPresent())
                .map(Member::running)
                .anyMatch(running -> running != null && running.state().removed(member.id()));
    }

    /**
     * Who was added is started as soon as the others know of it; who was removed is switched off.
     */
    private void look() {
        world.after(LOOK_NANOS, "operator looks", this::look);
        MemberBook book = newest();
        if (book == null) {
            return;
        }
        for (Member member : members) {
            if (missing.contains(member.id())) {
                continue;
            }
            if (book.find(member.id()).isPresent()) {
                member.join(book);
            } else if (isKnownToBeRemoved(member, book) && world.chance(200)) {
                member.retire();
            }
        }
    }
}
