package flotilla.cloudconfig.document;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VariablesTest {
    private final Variables variables = Variables.of(Metadata.of("id", "core-01", "10.0.0.5"));

    @ParameterizedTest
    @CsvSource({
        "$private_ipv4:4001, 10.0.0.5:4001",
        "$private_ipv4x, 10.0.0.5x",
        "${private_ipv4}, ${private_ipv4}",
        "$$private_ipv4, $10.0.0.5",
        "\\$private_ipv4, $private_ipv4",
        "\\\\$private_ipv4, \\$private_ipv4",
        "$unknown, $unknown",
        "$private_ipv4$public_ipv4, 10.0.0.510.0.0.5",
    })
    void variables_are_put_in_as_the_original_did_but_adjacent_ones_too(
            String text, String expected) {
        assertThat(variables.substitute(text)).isEqualTo(expected);
    }

    @Test
    void a_variable_without_a_value_is_told_with_its_place() {
        assertThat(variables.substitute("a: $public_ipv6")).isEqualTo("a: ");
        assertThat(variables.empty("x\na: $public_ipv6"))
                .map(Problem::toString)
                .containsExactly("2:4: warning: $public_ipv6 has no value on this machine");
    }

    @Test
    void the_machines_environment_has_those_with_a_value() {
        assertThat(variables.environment())
                .containsEntry("COREOS_PRIVATE_IPV4", "10.0.0.5")
                .containsEntry("COREOS_PUBLIC_IPV4", "10.0.0.5")
                .doesNotContainKey("COREOS_PUBLIC_IPV6");
    }

    /** A pattern that takes the backslashes first looks at each of them from each of them. */
    @Test
    void a_line_of_backslashes_takes_time_in_proportion_to_its_length() {
        String text = "\\".repeat(1_000_000);

        assertThat(variables.substitute(text + "$private_ipv4"))
                .isEqualTo(text.substring(1) + "$private_ipv4");
        assertThat(variables.empty(text)).isEmpty();
    }
}
