package flotilla.sim.promise;

import flotilla.sim.check.Operation;
import flotilla.sim.model.Answer;
import flotilla.sim.model.Request;
import flotilla.sim.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What clients asked for, and what they saw. */
public final class History {
    private final World world;
    private final List<Call> calls = new ArrayList<>();

    History(World world) {
        this.world = world;
    }

    /** A question under way. Without an answer its fate stays open. */
    public final class Call {
        private final Request request;
        private final long called;
        private @Nullable Answer answer;
        private long returned = Operation.NEVER;

        Call(Request request, long called) {
            this.request = request;
            this.called = called;
        }

        public Request request() {
            return request;
        }

        public long called() {
            return called;
        }

        public void answered(Answer given) {
            answer = given;
            returned = world.now();
        }

        /** It certainly never took effect. */
        public void cameToNothing() {
            calls.remove(this);
        }
    }

    /** A client asks. */
    public Call called(Request request) {
        return add(request, world.now());
    }

    /** Somebody else did something, whenever that was. */
    void happened(Request request, Answer answer) {
        add(request, 0).answer = answer;
    }

    private Call add(Request request, long at) {
        Call call = new Call(request, at);
        calls.add(call);
        return call;
    }

    /**
     * For the checker. Of what was not answered the log knows whether it took effect, if there was
     * but one such request, and what came of it; but never when.
     *
     * @param applied what came of each request that was ever applied
     */
    List<Operation<Request, Answer>> operations(Map<Request, Answer> applied) {
        List<Operation<Request, Answer>> operations = new ArrayList<>();
        for (Call call : calls) {
            Answer answer = call.answer;
            if (answer == null) {
                if (call.request instanceof Request.Get || !applied.containsKey(call.request)) {
                    continue;
                }
                answer = isUnique(call.request) ? applied.get(call.request) : null;
            }
            operations.add(new Operation<>(call.request, answer, call.called, call.returned));
        }
        return operations;
    }

    /** Whether no other asks for the same. */
    static boolean isUnique(Request request) {
        return request instanceof Request.Put
                || request instanceof Request.Txn
                || request instanceof Request.Grant;
    }
}
