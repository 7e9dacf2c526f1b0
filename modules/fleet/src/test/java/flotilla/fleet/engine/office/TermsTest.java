package flotilla.fleet.engine.office;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.client.EtcdClientException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TermsTest {
    private final List<Long> pausesMillis = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();

    @AfterEach
    void not_interrupted() {
        assertThat(Thread.interrupted()).as("the terms end with the interrupt kept").isTrue();
    }

    @Test
    void terms_that_fail_follow_each_other_ever_more_slowly() {
        run(
                nine(() -> {
                    throw new StackOverflowError();
                }));

        assertThat(pausesMillis)
                .containsExactly(500L, 1000L, 2000L, 4000L, 8000L, 16000L, 30000L, 30000L, 30000L);
        assertThat(failures).hasSize(9).containsOnly("java.lang.StackOverflowError");
    }

    @Test
    void a_term_that_was_served_begins_the_pauses_anew() {
        Terms.Term fails =
                () -> {
                    throw new IllegalStateException("model");
                };

        run(List.of(fails, fails, () -> {}, fails));

        assertThat(pausesMillis).containsExactly(500L, 1000L, 500L);
    }

    @Test
    void a_store_that_is_away_is_no_failure_and_is_asked_soon_again() {
        run(
                nine(() -> {
                    throw new EtcdClientException.Unavailable("away", new RuntimeException("x"));
                }));

        assertThat(pausesMillis).hasSize(9).containsOnly(500L);
        assertThat(failures).isEmpty();
    }

    private static List<Terms.Term> nine(Terms.Term term) {
        return java.util.Collections.nCopies(9, term);
    }

    private void run(List<Terms.Term> terms) {
        Iterator<Terms.Term> next = terms.iterator();
        new Terms(
                        () -> {
                            if (!next.hasNext()) {
                                throw new InterruptedException("enough");
                            }
                            next.next().serve();
                        },
                        (Duration time) -> pausesMillis.add(time.toMillis()),
                        failure -> failures.add(failure.toString()))
                .run();
    }
}
