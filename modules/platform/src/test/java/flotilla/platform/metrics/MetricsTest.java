package flotilla.platform.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MetricsTest {
    @Test
    void numbers_appear_under_their_names_in_prometheus_text() {
        Metrics metrics = new Metrics();
        Metrics.Count requests = metrics.counter("requests_total", "Requests.", "code", "method");
        metrics.gauge("tokens", "Tokens.", () -> 3);

        requests.increment("200", "GET");
        requests.increment("200", "GET");

        assertThat(metrics.text())
                .contains("# TYPE requests_total counter")
                .contains("requests_total{code=\"200\",method=\"GET\"} 2.0")
                .contains("tokens 3.0");
    }

    @Test
    void a_number_that_can_not_be_told_is_left_out_and_the_others_are_told() {
        Metrics metrics = new Metrics();
        metrics.gauge("tokens", "Tokens.", () -> 3);
        metrics.gauge(
                "keys",
                "Keys.",
                () -> {
                    throw new IllegalStateException("a damaged disk");
                });

        assertThat(metrics.text()).contains("tokens 3.0").doesNotContain("keys ");
    }

    @Test
    void what_is_there_no_longer_is_told_of_no_longer() {
        Metrics metrics = new Metrics();
        Set<String> rooms = new HashSet<>(Set.of("hall", "attic"));
        metrics.gauges(
                "lamps",
                "Lamps.",
                List.of("room"),
                readings -> rooms.forEach(room -> readings.add(2, room)));
        metrics.counters(
                "steps_total",
                "Steps.",
                List.of("room"),
                readings -> rooms.forEach(room -> readings.add(5, room)));
        assertThat(metrics.text())
                .contains("lamps{room=\"attic\"} 2.0", "steps_total{room=\"attic\"} 5.0");

        rooms.remove("attic");

        assertThat(metrics.text())
                .contains("lamps{room=\"hall\"} 2.0", "steps_total{room=\"hall\"} 5.0")
                .doesNotContain("attic");
    }
}
