package flotilla.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
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

    @Test
    void a_round_is_compared_with_the_best_of_the_others_in_the_same_round() {
        Options options =
                Options.parse(
                        List.of("--sides", "etcd,etcd_next,launcher", "--workloads", "put_1"));
        Table table = new Table(options);
        double[][] rates = {{100, 50, 150}, {100, 200, 400}, {10, 10, 90}};
        for (double[] round : rates) {
            for (int side = 0; side < round.length; side++) {
                table.add(
                        side,
                        Workload.PUT_1,
                        new Measured(new Result(round[side], 1, 2_000, 0), 50));
            }
        }
        ByteArrayOutputStream text = new ByteArrayOutputStream();

        table.print(new PrintStream(text, true, UTF_8));

        assertThat(text.toString(UTF_8))
                .endsWith(
                        "| put, 1 client | 100/s | 50/s | 150/s | 2.0 ms | 2.0 ms | 2.0 ms"
                                + " | 50.0 | 50.0 | 50.0 | **2.00** |\n");
    }

    @Test
    void the_switches_of_this_process_are_counted() throws IOException {
        long before = ContextSwitches.of(ProcessHandle.current().pid());
        LockSupport.parkNanos(1);

        assertThat(ContextSwitches.of(ProcessHandle.current().pid())).isGreaterThan(before);
    }
}
