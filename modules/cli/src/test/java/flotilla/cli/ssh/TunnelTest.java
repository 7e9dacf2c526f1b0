package flotilla.cli.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flotilla.cli.command.CommandFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** With a program in ssh's place that says what ssh says; HostsIT has the real one. */
class TunnelTest {
    private static final Place HOST = new Place("core-01", 2222);

    @TempDir Path folder;

    private OpenSsh ssh(String script) throws IOException {
        Path program = folder.resolve("ssh");
        Files.writeString(program, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        return ssh(program);
    }

    private OpenSsh ssh(Path program) {
        return new OpenSsh(
                program.toString(),
                "core",
                Duration.ofSeconds(10),
                folder.resolve("fleetctl/known_hosts"),
                true,
                false);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    Host key verification failed.                              | ssh-keyscan -p 2222 core-01
                    @@@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!       | -R '[core-01]:2222'
                    core@core-01: Permission denied (publickey).               | ssh-add -l
                    ssh: connect to host core-01 port 22: Connection timed out | --ssh-timeout
                    ssh: Could not resolve hostname core-01: Name unknown      | is the name right?
                    ssh: connect to host core-01 port 22: Connection refused   | --tunnel host:port
                    channel_setup_fwd_listener: cannot listen                  | channel_setup_fwd_listener
                    """)
    void what_ssh_says_is_told_with_what_to_do_next(String says, String advice) throws IOException {
        OpenSsh ssh = ssh("echo '" + says + "' >&2; exit 255");

        assertThatThrownBy(() -> Tunnel.open(ssh, HOST, "/var/run/fleet.sock"))
                .isInstanceOf(CommandFailure.class)
                .hasMessageStartingWith("no tunnel through core@core-01: ")
                .hasMessageContaining(says)
                .hasMessageContaining(advice);
    }

    @Test
    void where_there_is_no_ssh_its_package_is_named() {
        OpenSsh ssh = ssh(folder.resolve("none"));

        assertThatThrownBy(() -> Tunnel.open(ssh, HOST, "/var/run/fleet.sock"))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("openssh-client");
    }

    @Test
    void a_tunnel_ends_with_ssh_and_its_directory_and_tells_what_did_not_go_through()
            throws IOException {
        // It notes where it is to listen, and says what went wrong before it ends.
        OpenSsh ssh =
                ssh(
                        "for word; do case $word in *fleet.sock) echo $word >%s/told;; esac; done\n"
                                        .formatted(folder)
                                + "trap 'echo open failed >&2; exit 255' TERM; echo banner; echo ready; read never");

        Tunnel tunnel = Tunnel.open(ssh, HOST, "/var/run/fleet.sock");
        Path own = Path.of(Files.readString(folder.resolve("told")).split(":", 2)[0]);

        assertThat(Files.getPosixFilePermissions(own.resolveSibling("")))
                .isEqualTo(PosixFilePermissions.fromString("rwx------"));
        assertThat(tunnel.way().control()).isEqualTo(Optional.of(own.resolveSibling("ssh")));
        assertThat(tunnel.lastWords()).endsWith("open failed");
        assertThat(own.resolveSibling("")).doesNotExist();
        assertThat(folder.resolve("fleetctl")).isDirectory();
    }
}
