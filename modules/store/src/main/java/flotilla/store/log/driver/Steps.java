package flotilla.store.log.driver;

import flotilla.raft.Input;
import flotilla.raft.Outcome;
import flotilla.raft.Raft;
import flotilla.raft.Ready;
import flotilla.raft.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Hands the core what has happened, all that came together in one step, and passes on what must be
 * done. Belongs to the core's loop.
 */
final class Steps {
    private final Raft raft;
    private final Loop loop;
    private final Consumer<Throwable> failed;
    private List<Input> gathered = new ArrayList<>();
    private List<Consumer<Outcome>> answers = new ArrayList<>();
    private @Nullable Consumer<Ready> carrier;
    private boolean due;
    private boolean ended;

    /**
     * @param failed told when the core says that this member must stop
     */
    Steps(Raft raft, Loop loop, Consumer<Throwable> failed) {
        this.raft = raft;
        this.loop = loop;
        this.failed = failed;
    }

    /** From now on steps are taken; the first at once. */
    void begin(Consumer<Ready> carrier) {
        this.carrier = carrier;
        schedule();
    }

    /** No step is taken any more. */
    void end() {
        ended = true;
    }

    /** What has no outcome. */
    void give(Input input) {
        gathered.add(input);
        schedule();
    }

    /** A proposal, a change of members, a transfer: told what became of it. */
    void give(Input input, Consumer<Outcome> answer) {
        answers.add(answer);
        give(input);
    }

    Status status() {
        return raft.status();
    }

    /** Whatever else waits for the loop now shall be in the same step. */
    private void schedule() {
        if (!due && carrier != null && !ended) {
            due = true;
            loop.execute(this::step);
        }
    }

    private void step() {
        due = false;
        if (ended || carrier == null) {
            return;
        }
        List<Input> inputs = gathered;
        List<Consumer<Outcome>> asked = answers;
        gathered = new ArrayList<>();
        answers = new ArrayList<>();
        try {
            Ready ready = raft.step(inputs);
            carrier.accept(ready);
            for (int i = 0; i < asked.size(); i++) {
                asked.get(i).accept(ready.outcomes().get(i));
            }
        } catch (RuntimeException | Error e) {
            ended = true;
            failed.accept(e);
        }
    }
}
