package flotilla.cli.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flotilla.cli.command.UsageFailure;
import flotilla.cli.ssh.OpenSsh.Errand;
import flotilla.cli.ssh.OpenSsh.Over;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OpenSshTest {
    private static final Place TARGET = new Place("10.0.0.12", 22);
    private static final Errand SHELL = new Errand(true, false, List.of());

    private static OpenSsh ssh(boolean strict, boolean canAsk) {
        return new OpenSsh(
                "ssh",
                "core",
                Duration.ofMillis(10_500),
                Path.of("/srv/a b/100%/known_hosts"),
                strict,
                canAsk);
    }

    @Test
    void known_hosts_are_those_of_the_file_whatever_its_name() {
        assertThat(ssh(true, true).run(TARGET, Optional.empty(), SHELL))
                .startsWith("ssh", "-l", "core")
                .contains("UserKnownHostsFile=\"/srv/a b/100%%/known_hosts\"")
                .contains("ConnectTimeout=10")
                .endsWith("-t", "-p", "22", "--", "10.0.0.12");
    }

    @ParameterizedTest
    @CsvSource({"true,true,ask", "true,false,yes", "false,true,no", "false,false,no"})
    void nobody_is_asked_where_nobody_sits(boolean strict, boolean canAsk, String checking) {
        assertThat(ssh(strict, canAsk).run(TARGET, Optional.empty(), SHELL))
                .contains("StrictHostKeyChecking=" + checking);
    }

    @Test
    void a_command_is_left_as_it_is_behind_the_host() {
        List<String> line =
                ssh(true, false)
                        .run(
                                TARGET,
                                Optional.empty(),
                                new Errand(false, true, List.of("ls", "-la", "/a b")));

        assertThat(line).contains("-A").doesNotContain("-t").endsWith("ls", "-la", "/a b");
    }

    /** What ssh hands to a shell is one word to it, and what it expands in it is meant so. */
    @Test
    void a_hop_over_another_host_is_asked_by_the_same_options() {
        List<String> line =
                ssh(true, false)
                        .run(
                                TARGET,
                                Optional.of(
                                        new Over(
                                                new Place("jump", 2222),
                                                Optional.of(Path.of("/tmp/t/ssh")))),
                                SHELL);

        assertThat(line)
                .anySatisfy(word ->
                        assertThat(word)
                                .startsWith("ProxyCommand='ssh' '-l' 'core'")
                                .contains("'UserKnownHostsFile=\"/srv/a b/100%%%%/known_hosts\"'")
                                .contains("'-S' '/tmp/t/ssh' '-W' '[%h]:%p'")
                                .endsWith("'-p' '2222' '--' 'jump'"));
    }

    @ParameterizedTest
    @CsvSource({
        "core-01,core-01,22",
        "core-01:2222,core-01,2222",
        "10.0.0.1:22,10.0.0.1,22",
        "[fd00::1]:2222,fd00::1,2222",
        "[fd00::1],fd00::1,22",
        "fd00::1,fd00::1,22"
    })
    void a_host_may_have_a_port(String text, String host, int port) {
        assertThat(Place.parse(text)).isEqualTo(new Place(host, port));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":22", "a:b", "a:0", "a:65536", "[a:22"})
    void what_is_no_host_is_wrong_usage(String text) {
        assertThatThrownBy(() -> Place.parse(text)).isInstanceOf(UsageFailure.class);
    }
}
