package flotilla.sim.client;

import flotilla.protocol.AlarmRequest;
import flotilla.protocol.AlarmRequest.AlarmAction;
import flotilla.sim.member.Member;
import flotilla.sim.member.Member.Running;
import flotilla.sim.world.World;
import flotilla.store.apply.Applied;
import flotilla.store.apply.level.FeatureLevel;
import flotilla.store.apply.refusal.EtcdError;
import flotilla.store.apply.refusal.EtcdException;
import flotilla.store.command.Command;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Raises and disarms alarms, of a kind that stops no writes: commands that an older program of a
 * member can't read.
 */
public final class Alarming {
    private static final long PAUSE_NANOS = 300_000_000;

    private final World world;
    private final List<Member> members;
    private boolean over;

    public Alarming(World world, List<Member> members) {
        this.world = world;
        this.members = members;
    }

    public void begin() {
        world.after(world.about(PAUSE_NANOS), "alarm", this::act);
    }

    public void end() {
        over = true;
    }

    private void act() {
        Running running = members.get(world.random().nextInt(members.size())).running();
        if (over) {
            return;
        }
        begin();
        if (running != null) {
            Command command = alarm();
            running.life().after(0, "alarm is asked for", () -> ask(running, command));
        }
    }

    private Command alarm() {
        AlarmRequest request =
                AlarmRequest.newBuilder()
                        .setAction(
                                world.random().nextBoolean()
                                        ? AlarmAction.ACTIVATE
                                        : AlarmAction.DEACTIVATE)
                        .setMemberID(1 + world.random().nextInt(members.size()))
                        .build();
        return Command.newBuilder().setAlarm(request).build();
    }

    private void ask(Running running, Command command) {
        boolean taken = FeatureLevel.admits(running.state().level(), FeatureLevel.of(command));
        var _ =
                running.log()
                        .propose(command)
                        .whenComplete((applied, failure) -> heard(taken, applied, failure));
    }

    /**
     * @param taken whether the member that was asked had to take it
     */
    private void heard(boolean taken, @Nullable Applied applied, @Nullable Throwable failure) {
        boolean done = applied instanceof Applied.Done;
        boolean incapable = failure != null && error(failure) == EtcdError.NOT_CAPABLE;
        if ((done && !taken) || (incapable && taken) || applied instanceof Applied.Refused) {
            throw world.broken(
                    "what is above the level is refused, and before it is in the log",
                    "%s %s, though it was%s to be taken",
                    String.valueOf(applied),
                    String.valueOf(failure),
                    taken ? "" : " not");
        }
    }

    private EtcdError error(Throwable failure) {
        if (failure instanceof EtcdException refusal) {
            return refusal.error();
        }
        throw world.broken("a refusal has a reason", "%s", failure);
    }
}
