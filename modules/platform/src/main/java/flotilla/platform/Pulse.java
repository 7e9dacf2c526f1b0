package flotilla.platform;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Tells others that a loop comes round: who asks is answered by its next turn. Any thread. */
public final class Pulse {
    private final List<CompletableFuture<Void>> waiting = new ArrayList<>();

    /** Completes at the loop's next {@link #beat}; wake it after asking. */
    public synchronized CompletableFuture<Void> ask() {
        CompletableFuture<Void> answer = new CompletableFuture<>();
        waiting.add(answer);
        return answer;
    }

    /** On the loop, once a turn. */
    public void beat() {
        List<CompletableFuture<Void>> answered;
        synchronized (this) {
            answered = List.copyOf(waiting);
            waiting.clear();
        }
        answered.forEach(answer -> answer.complete(null));
    }
}
