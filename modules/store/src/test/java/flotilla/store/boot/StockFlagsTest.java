package flotilla.store.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StockFlagsTest {
    private static final Path ETCD = Path.of("/usr/bin/etcd");
    private static final Pattern FLAG = Pattern.compile("(?m)^  --([a-z0-9-]+)");

    private static Stream<String> flagsOfEtcd() throws IOException {
        Assumptions.assumeTrue(Files.isExecutable(ETCD), ETCD + " is not installed");
        Process help =
                new ProcessBuilder(ETCD.toString(), "--help").redirectErrorStream(true).start();
        String text = new String(help.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return FLAG.matcher(text).results().map(flag -> flag.group(1));
    }

    @Test
    void every_flag_that_etcd_offers_is_known() throws Exception {
        assertThat(flagsOfEtcd()).hasSizeGreaterThan(70).allMatch(StockFlags::knows);
    }

    @Test
    void each_flag_has_one_fate() {
        assertThat(StockFlags.all()).doesNotHaveDuplicates();
        assertThat(StockFlags.SWITCHES).allMatch(StockFlags::knows);
    }

    @Test
    void a_flag_that_makes_no_difference_is_taken_as_flag_and_variable_and_told() {
        Set<String> switches = StockFlags.SWITCHES;
        for (String flag : StockFlags.NO_DIFFERENCE) {
            String value = switches.contains(flag) ? "true" : "1";
            String variable = "ETCD_" + flag.toUpperCase(java.util.Locale.ROOT).replace('-', '_');

            assertThat(EtcdConfig.parse(List.of("--" + flag + "=" + value), Map.of()).ignored())
                    .containsExactly(flag);
            assertThat(EtcdConfig.parse(List.of(), Map.of(variable, value)).ignored())
                    .containsExactly(flag);
        }
    }

    @Test
    void what_is_not_offered_is_refused_by_name_unless_it_asks_for_nothing() {
        StockFlags.NOT_OFFERED.forEach((flag, nothing) -> {
            assertThat(EtcdConfig.parse(List.of("--" + flag + "=" + nothing), Map.of()).ignored())
                    .isEmpty();
            String value = StockFlags.SWITCHES.contains(flag) ? "true" : "x";
            assertThatThrownBy(() -> EtcdConfig.parse(List.of("--" + flag + "=" + value), Map.of()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("--" + flag + "=" + value + " is not offered");
        });
    }

    @ParameterizedTest
    @CsvSource({"ETCD_WAL_DIR, /var/lib/wal, wal-dir", "ETCD_PROXY, on, proxy"})
    void a_variable_is_refused_like_the_flag(String variable, String value, String flag) {
        assertThatThrownBy(() -> EtcdConfig.parse(List.of(), Map.of(variable, value)))
                .hasMessageContaining("--" + flag + "=" + value + " is not offered");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--pre-vote=maybe", "--debug=yes", "--client-cert-auth=2"})
    void a_switch_takes_go_s_words_only(String flag) {
        assertThatThrownBy(() -> EtcdConfig.parse(List.of(flag), Map.of()))
                .hasMessageContaining(flag + ": want 'true' or 'false'");
    }
}
