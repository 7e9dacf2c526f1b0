package flotilla.fleet.agent.loop;

import flotilla.client.EtcdClientException;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks what takes its time: each question has a thread of its own until it is answered. Safe for
 * several threads.
 */
final class Questions<A> {
    private static final Logger log = LoggerFactory.getLogger(Questions.class);

    private final String who;
    private final Consumer<A> answers;
    private volatile String complaint = "";

    /**
     * @param who asks: a word for the log and for the threads' name
     * @param answers gets each answer, on its question's thread
     */
    Questions(String who, Consumer<A> answers) {
        this.who = who;
        this.answers = answers;
    }

    /**
     * @param failed the answer when the question fails, of the reason
     */
    void ask(Callable<A> question, Function<String, A> failed) {
        Thread.ofVirtual()
                .name(who + "-asks")
                .start(() -> answers.accept(answer(question, failed)));
    }

    private A answer(Callable<A> question, Function<String, A> failed) {
        try {
            return question.call();
        } catch (EtcdClientException | InterruptedException e) {
            log.debug("{}: the store was asked in vain: {}", who, e.getMessage());
            return failed.apply(String.valueOf(e.getMessage()));
        } catch (Exception | StackOverflowError e) {
            complain(e);
            return failed.apply(e.toString());
        }
    }

    private void complain(Throwable problem) {
        String words = problem.toString();
        if (!words.equals(complaint)) {
            complaint = words;
            log.error("{}: can't ask the store, trying on", who, problem);
        }
    }
}
