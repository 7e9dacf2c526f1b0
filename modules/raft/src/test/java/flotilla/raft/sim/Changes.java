package flotilla.raft.sim;

import flotilla.raft.log.Entry;
import flotilla.raft.members.ConfChange;
import flotilla.raft.members.ConfChange.Step;
import flotilla.raft.members.ConfChange.StepKind;
import flotilla.raft.members.ConfChange.Transition;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Changes of members as bytes; the model's own format. */
final class Changes {
    private static final List<Transition> TRANSITIONS = List.of(Transition.values());
    private static final List<StepKind> KINDS = List.of(StepKind.values());

    private Changes() {}

    static byte[] encode(ConfChange change) {
        if (change.leavesJoint()) {
            return new byte[0];
        }
        ByteBuffer buffer = ByteBuffer.allocate(1 + change.steps().size() * 9);
        buffer.put((byte) TRANSITIONS.indexOf(change.transition()));
        for (Step step : change.steps()) {
            buffer.put((byte) KINDS.indexOf(step.kind())).putLong(step.member());
        }
        return buffer.array();
    }

    static ConfChange decode(Entry entry) {
        ByteBuffer buffer = ByteBuffer.wrap(entry.data());
        if (!buffer.hasRemaining()) {
            return ConfChange.LEAVE_JOINT;
        }
        Transition transition = TRANSITIONS.get(buffer.get());
        List<Step> steps = new ArrayList<>();
        while (buffer.hasRemaining()) {
            steps.add(new Step(KINDS.get(buffer.get()), buffer.getLong()));
        }
        return new ConfChange(transition, steps);
    }
}
