package flotilla.conformance.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import flotilla.sim.model.Answer;
import flotilla.sim.model.Request;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The same clients, record and check as with real members, on stores that lie: it is seen. */
class JudgementTest {
    private static final int CLIENTS = 4;
    private static final int ANSWERS = 1_500;

    /** One lie in so many requests of a kind. */
    private static final int RARELY = 40;

    private final SoundStore sound = new SoundStore();
    private final AtomicInteger requests = new AtomicInteger();

    @Test
    void what_clients_see_of_a_sound_store_is_right() throws InterruptedException {
        assertThat(judgement(sound)).isEmpty();
    }

    @Test
    void answers_that_get_lost_are_no_lies() throws InterruptedException {
        assertThat(
                        judgement(request -> {
                            Outcome outcome = sound.ask(request);
                            return requests.incrementAndGet() % 10 == 0
                                    ? new Outcome.Unknown()
                                    : outcome;
                        }))
                .isEmpty();
    }

    static Stream<Arguments> lies() {
        return Stream.of(
                arguments("an acknowledged write is left out", (Lie) JudgementTest::leaveOut),
                arguments("a read is as old as the one before", (Lie) JudgementTest::readOld),
                arguments("a write is done twice", (Lie) JudgementTest::twice),
                arguments("what is done is said to be refused", (Lie) JudgementTest::refuse),
                arguments("a revision is told too low", (Lie) JudgementTest::tellLess));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("lies")
    void a_lie_now_and_then_is_seen(String what, Lie lie) throws InterruptedException {
        Map<Request, Outcome> before = new HashMap<>();
        String judgement =
                judgement(request -> {
                    synchronized (before) {
                        Outcome lied =
                                requests.incrementAndGet() % RARELY == 0
                                        ? lie.tell(sound, request, before.get(request))
                                        : null;
                        Outcome told = lied == null ? sound.ask(request) : lied;
                        before.putIfAbsent(request, told);
                        return told;
                    }
                });

        assertThat(judgement).as(what).contains("is");
        assertThat(judgement.lines().count()).as(judgement).isLessThan(50);
    }

    @Test
    void a_lie_is_shown_as_the_story_of_its_key() {
        Recorder recorder = new Recorder();
        recorder.ask(sound, Request.put("k0", "a"));
        recorder.ask(sound, Request.put("k1", "b"));
        Outcome old = recorder.ask(sound, Request.get("k0"));
        recorder.ask(sound, Request.put("k0", "c"));
        recorder.ask(_ -> old, Request.get("k0"));
        recorder.ask(sound, Request.get("k0"));

        assertThat(Judgement.of(recorder, Past.of(sound)).replaceAll(" *[0-9]+\\.[0-9]+", " T"))
                .isEqualTo(
                        """
                        key k0 alone is wrong:
                        (0 before are left out; times in ms)
                         T .. T  put k0 a -> written, revision 2
                         T .. T  get k0 -> [k0 a (version 1)], revision 3
                         T .. T  put k0 c -> written, revision 4
                         T .. T  get k0 -> [k0 a (version 1)], revision 3   <-- wrong\
                        """);
    }

    /** Does something wrong in place of what was asked; null if that can't be. */
    interface Lie {
        @Nullable Outcome tell(Store store, Request request, @Nullable Outcome before);
    }

    private static @Nullable Outcome leaveOut(
            Store store, Request request, @Nullable Outcome before) {
        if (!(request instanceof Request.Put)
                || !(store.ask(Request.get("nothing"))
                        instanceof Outcome.Told(Answer.Got(long revision, var _)))) {
            return null;
        }
        return new Outcome.Told(new Answer.Written(revision + 1));
    }

    private static @Nullable Outcome readOld(
            Store store, Request request, @Nullable Outcome before) {
        return request instanceof Request.Get ? before : null;
    }

    private static @Nullable Outcome twice(Store store, Request request, @Nullable Outcome before) {
        if (!(request instanceof Request.Put)) {
            return null;
        }
        store.ask(request);
        return store.ask(request);
    }

    private static @Nullable Outcome refuse(
            Store store, Request request, @Nullable Outcome before) {
        if (!(request instanceof Request.Put)) {
            return null;
        }
        store.ask(request);
        return new Outcome.Refused();
    }

    private static @Nullable Outcome tellLess(
            Store store, Request request, @Nullable Outcome before) {
        return request instanceof Request.Put
                        && store.ask(request) instanceof Outcome.Told(Answer.Written(long revision))
                ? new Outcome.Told(new Answer.Written(revision - 2))
                : null;
    }

    private String judgement(Store store) throws InterruptedException {
        Recorder recorder = new Recorder();
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            Client client = new Client(i, List.of(store), recorder, 1);
            clients.add(
                    Thread.ofVirtual()
                            .start(() -> client.run(() -> recorder.answers() >= ANSWERS, 0)));
        }
        for (Thread client : clients) {
            client.join();
        }
        return Judgement.of(recorder, Past.of(sound));
    }
}
