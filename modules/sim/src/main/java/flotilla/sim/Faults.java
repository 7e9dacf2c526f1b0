package flotilla.sim;

import flotilla.sim.member.Member;
import flotilla.sim.member.Member.Running;
import flotilla.sim.network.Network;
import flotilla.sim.network.Weather;
import flotilla.sim.world.Machine;
import flotilla.sim.world.World;
import java.util.List;

/**
 * What goes wrong, one thing after the other, each for a while: all of it what a cluster must
 * survive, for no disk is lost for good.
 */
final class Faults {
    /** How much faster or slower than true time a clock goes at most. */
    private static final double CLOCK_ERROR = 0.05;

    /** What a full disk still takes, bytes at most. */
    private static final int ROOM_LEFT = 8_192;

    private final World world;
    private final List<Member> members;
    private final Network network;
    private final Chances chances;
    private boolean over;

    Faults(World world, List<Member> members, Network network, Chances chances) {
        this.world = world;
        this.members = members;
        this.network = network;
        this.chances = chances;
        members.forEach(this::attend);
    }

    /** Starts its process again, whenever it has ended. */
    void attend(Member member) {
        member.machine().onEnd(() -> restartLater(member));
    }

    void begin() {
        world.after(world.about(chances.faultNanos()), "fault", this::next);
    }

    /** After the end. */
    void again() {
        over = false;
        network.weather(chances.weather());
        begin();
    }

    /** Nothing goes wrong any more, and what did is mended. */
    void end() {
        over = true;
        network.joinAll();
        network.weather(chances.weather().calm());
        for (Member member : members) {
            mend(member.machine());
            member.mendCheckpoints();
            member.machine().clockRate(1);
            startIfDown(member);
        }
    }

    private void next() {
        if (over) {
            return;
        }
        begin();
        strike(chances.faults().get(world.random().nextInt(chances.faults().size())), victim());
    }

    private void strike(Fault fault, Member victim) {
        Machine machine = victim.machine();
        switch (fault) {
            case KILL -> machine.kill();
            case POWER_CUT -> machine.cutPower();
            case BLACKOUT -> members.forEach(each -> each.machine().cutPower());
            case CRASHES_AT_THE_DISK -> {
                machine.crashesAtTheDisk(chances.crashPermille());
                later(() -> machine.crashesAtTheDisk(0));
            }
            case STANDSTILL -> machine.standStill(world.about(chances.faultLastsNanos()));
            case CUT_OFF -> cutOff(victim);
            case SPLIT -> split();
            case CUT_LINK -> cutOneLink(victim);
            case SLOW_DISK -> {
                machine.slowness(10 + world.random().nextInt(200));
                later(() -> machine.slowness(1));
            }
            case SLOW_READING -> {
                machine.readingTakes(world.about(chances.faultLastsNanos()));
                later(() -> machine.readingTakes(0));
            }
            case FULL_DISK -> {
                machine.fillUpTo(world.random().nextInt(ROOM_LEFT));
                later(machine::makeRoom);
            }
            case FLIPPED_BIT -> {
                machine.kill();
                victim.flipBit();
            }
            case DAMAGED_CHECKPOINT -> victim.damageCheckpoint();
            case FAILED_SYNC -> machine.failSyncs();
            case CLOCK ->
                    machine.clockRate(1 + (world.random().nextDouble() * 2 - 1) * CLOCK_ERROR);
            case HAND_OVER -> handOver(victim);
            case STORM -> storm();
        }
    }

    private void later(Runnable end) {
        world.after(world.about(chances.faultLastsNanos()), "fault ends", end);
    }

    /** As often as not whoever takes itself for the leader. */
    private Member victim() {
        Member any = any();
        return world.random().nextBoolean()
                ? members.stream().filter(Faults::leads).findFirst().orElse(any)
                : any;
    }

    private Member any() {
        return members.get(world.random().nextInt(members.size()));
    }

    private static boolean leads(Member member) {
        Running running = member.running();
        return running != null && running.log().status().isLeader();
    }

    /** From all others, one way or both. */
    private void cutOff(Member victim) {
        boolean out = world.random().nextBoolean();
        boolean in = !out || world.random().nextBoolean();
        for (Member other : members) {
            if (other.id() != victim.id()) {
                cut(victim, other, out);
                cut(other, victim, in);
            }
        }
        later(this::joinAll);
    }

    private void cutOneLink(Member victim) {
        Member other = any();
        cut(victim, other, true);
        cut(other, victim, world.random().nextBoolean());
        later(this::joinAll);
    }

    private void split() {
        int side = world.random().nextInt(1 << members.size());
        for (int i = 0; i < members.size(); i++) {
            for (int j = 0; j < members.size(); j++) {
                cut(members.get(i), members.get(j), (side >> i & 1) != (side >> j & 1));
            }
        }
        later(this::joinAll);
    }

    private void cut(Member from, Member to, boolean really) {
        if (really && from.id() != to.id()) {
            network.cut(from.id(), to.id());
        }
    }

    private void joinAll() {
        network.joinAll();
    }

    private void storm() {
        network.weather(new Weather(chances.weather().delayNanos() * 10, 200, 100, 100));
        later(() -> network.weather(over ? chances.weather().calm() : chances.weather()));
    }

    private void handOver(Member victim) {
        Running running = victim.running();
        if (running != null) {
            long to = any().id();
            running.life()
                    .after(
                            0,
                            "hand over",
                            () -> {
                                var _ = running.log().transferLeadership(to);
                            });
        }
    }

    private void restartLater(Member member) {
        long wait = over ? 0 : world.about(chances.faultLastsNanos());
        world.after(wait, "restart", () -> startIfDown(member));
    }

    private void startIfDown(Member member) {
        if (member.canStart()) {
            if (over) {
                mend(member.machine());
            }
            member.start();
        }
    }

    private static void mend(Machine machine) {
        machine.crashesAtTheDisk(0);
        machine.slowness(1);
        machine.readingTakes(0);
        machine.makeRoom();
        machine.moveAgain();
    }
}
