package flotilla.platform.metrics;

import static org.assertj.core.api.Assertions.assertThat;

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
}
