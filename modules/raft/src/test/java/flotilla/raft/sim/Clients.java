package flotilla.raft.sim;

import flotilla.raft.Input;
import flotilla.raft.Outcome;
import flotilla.raft.log.Entry.Kind;
import flotilla.raft.members.ConfChange;
import flotilla.raft.members.ConfChange.Step;
import flotilla.raft.members.ConfChange.StepKind;
import flotilla.raft.members.ConfChange.Transition;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Who writes, reads, and changes the members. */
final class Clients {
    /** What each member was asked in its present batch and will give an outcome for. */
    private enum Wish {
        WRITE,
        CHANGE,
        TRANSFER
    }

    private static final List<StepKind> KINDS = List.of(StepKind.values());
    private static final List<Transition> TRANSITIONS = List.of(Transition.values());

    private final Random random;
    private final Promises promises;
    private final Map<ModelMember, Deque<Wish>> asked = new HashMap<>();
    private long number;

    Clients(Random random, Promises promises) {
        this.random = random;
        this.promises = promises;
    }

    /** Writes or reads, at whatever member. */
    boolean act(ModelMember member) {
        if (random.nextInt(3) == 0) {
            number++;
            promises.asked(member, number);
            member.queue(new Input.Read(number));
        } else {
            write(member);
        }
        return true;
    }

    void write(ModelMember member) {
        number++;
        List<byte[]> commands = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            int size = random.nextInt(10) == 0 ? 200 : 9;
            commands.add(ByteBuffer.allocate(size).putLong(number).put((byte) i).array());
        }
        member.queue(new Input.Propose(commands));
        expect(member, Wish.WRITE);
    }

    boolean change(ModelMember member) {
        ConfChange change =
                switch (random.nextInt(4)) {
                    case 0 -> ConfChange.LEAVE_JOINT;
                    case 1 -> replace(member.state().members().voters());
                    default ->
                            ConfChange.of(
                                    KINDS.get(random.nextInt(4)),
                                    1L + random.nextInt(Simulation.MEMBERS_MAX));
                };
        member.queue(new Input.ProposeChange(change, Kind.CONF_CHANGE_V2, Changes.encode(change)));
        expect(member, Wish.CHANGE);
        return true;
    }

    /** Other voters in place of these, all at once. */
    private ConfChange replace(List<Long> voters) {
        List<Step> steps = new ArrayList<>();
        for (long id = 1; id <= Simulation.MEMBERS_MAX; id++) {
            boolean votes = random.nextBoolean();
            if (votes) {
                steps.add(new Step(StepKind.ADD_VOTER, id));
            } else if (voters.contains(id)) {
                StepKind kind = random.nextBoolean() ? StepKind.REMOVE : StepKind.ADD_LEARNER;
                steps.add(new Step(kind, id));
            }
        }
        return new ConfChange(TRANSITIONS.get(random.nextInt(3)), steps);
    }

    boolean transfer(ModelMember member) {
        member.queue(new Input.Transfer(1 + random.nextInt(Simulation.MEMBERS_MAX)));
        expect(member, Wish.TRANSFER);
        return true;
    }

    private void expect(ModelMember member, Wish wish) {
        asked.computeIfAbsent(member, key -> new ArrayDeque<>()).addLast(wish);
    }

    /** Hears what became of the wishes. */
    void settle(ModelMember member, List<Outcome> outcomes) {
        Deque<Wish> wishes = asked.computeIfAbsent(member, key -> new ArrayDeque<>());
        for (Outcome outcome : outcomes) {
            Wish wish = wishes.removeFirst();
            if (outcome instanceof Outcome.Appended(long first, long last, long term)) {
                if (wish == Wish.CHANGE) {
                    promises.changeProposed(member, first);
                }
                promises.proposed(first, last, term);
            }
        }
    }
}
