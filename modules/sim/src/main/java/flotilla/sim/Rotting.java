package flotilla.sim;

import flotilla.sim.member.Member;
import flotilla.sim.member.Member.Running;
import flotilla.sim.model.Answer.Item;
import flotilla.sim.promise.Promises;
import flotilla.sim.world.World;
import java.util.List;
import java.util.function.Supplier;

/**
 * The last thing that goes wrong: the members agree, nobody asks for anything any more, and of one
 * of them the state becomes another. Whatever else goes wrong meanwhile, it is found.
 */
final class Rotting {
    private final World world;
    private final Promises promises;
    private final Supplier<List<Member>> there;

    /**
     * @param there who takes part; all of them run and hold the same when it begins
     */
    Rotting(World world, Promises promises, Supplier<List<Member>> there) {
        this.world = world;
        this.promises = promises;
        this.there = there;
    }

    /** Whether there is something to rot, and somebody to compare it with. */
    boolean isPossible() {
        return there.get().size() > 1 && !promises.newest().all().isEmpty();
    }

    void begin() {
        List<Item> items = promises.newest().all();
        Item item = items.get(world.random().nextInt(items.size()));
        List<Member> all = there.get();
        Member victim = all.get(world.random().nextInt(all.size()));
        Running running = victim.running();
        if (running != null) {
            victim.rot(running, item.key());
        }
    }

    /**
     * Whether each that differs is named, where a majority agrees; where members compare before
     * they start, it is enough that somebody was turned away.
     */
    boolean isFound() {
        List<Member> all = there.get();
        return all.size() < 2
                || all.stream().anyMatch(Member::isTurnedAway)
                || all.stream()
                        .filter(this::differs)
                        .allMatch(member -> isNamed(member, all.size()));
    }

    private boolean isNamed(Member member, int members) {
        return promises.rot().isNamed(member.id()) || (members == 2 && promises.rot().isNamed());
    }

    private boolean differs(Member member) {
        Running running = member.running();
        return running != null && !promises.isNewest(running.state());
    }
}
