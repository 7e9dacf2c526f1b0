package flotilla.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResultTest {
    @Test
    void answers_and_the_time_they_took_make_rate_and_percentiles() {
        Latencies latencies = new Latencies();
        for (int i = 1; i <= 200; i++) {
            latencies.answered(i * 1_000L);
        }
        latencies.failed();

        Result result = latencies.over(Duration.ofSeconds(2).toNanos());

        assertThat(result).isEqualTo(new Result(100, 101, 199, 1));
    }

    @Test
    void one_bad_round_does_not_move_the_median() {
        assertThat(Median.of(List.of(1.1, 90.0, 1.0))).isEqualTo(1.1);
        assertThat(Median.of(List.of(1.0, 2.0))).isEqualTo(1.5);
    }

    @Test
    void an_unknown_option_is_refused_with_those_that_exist() {
        assertThatThrownBy(() -> Options.parse(List.of("--clients", "5")))
                .hasMessageContaining("--clients is unknown")
                .hasMessageContaining("--workloads");
        assertThat(Options.parse(List.of("--workloads", "get_1,put_1000")).workloads())
                .containsExactly(Workload.GET_1, Workload.PUT_1000);
    }
}
