package flotilla.conformance.story;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.conformance.servers.Launcher;
import flotilla.conformance.servers.Launcher.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;

/**
 * What somebody at a {@link Laptop} sees of three hosts that let core in.
 *
 * @param host the address of core-01
 */
record Elsewhere(Laptop laptop, String host) {
    private static final int MACHINES = 3;
    private static final String ANY = "--strict-host-key-checking=false";

    private Result far(String... arguments) {
        return laptop.fleetctl(arguments);
    }

    void fleetctlGoesThroughSshToHostsThatItKnows(List<String> units) throws IOException {
        Result stranger = far("--tunnel", host, "list-machines");
        assertThat(stranger.exit()).isEqualTo(1);
        assertThat(stranger.err())
                .contains("Host key verification failed")
                .contains("ssh-keyscan -p 22 " + host);

        assertThat(far("--tunnel", host, ANY, "list-machines").text().lines())
                .hasSize(1 + MACHINES);
        assertThat(laptop.knownHosts()).isNotEmptyFile();
        assertThat(far("--tunnel", host, "list-units", "--no-legend", "--fields=unit").text())
                .contains(units);

        Result nobody = far("--tunnel", host, "--ssh-username", "games", "list-units");
        assertThat(nobody.exit()).isEqualTo(1);
        assertThat(nobody.err()).contains("Permission denied").contains("ssh-add -l");
        Result nowhere = far("--tunnel", host, "--endpoint", "unix:///run/none.sock", "list-units");
        assertThat(nowhere.exit()).isEqualTo(1);
        assertThat(nowhere.err()).contains("open failed").contains("/run/none.sock");

        List<String> known = Files.readAllLines(laptop.knownHosts());
        Files.writeString(
                laptop.knownHosts(),
                known.getFirst().split(" ", 2)[0] + " " + laptop.publicKey() + "\n");
        Result other = far("--tunnel", host, "list-units");
        assertThat(other.exit()).isEqualTo(1);
        assertThat(other.err())
                .contains("REMOTE HOST IDENTIFICATION HAS CHANGED")
                .contains("ssh-keygen -f " + laptop.knownHosts());
        Files.write(laptop.knownHosts(), known);
    }

    /**
     * @param place the name of the host that has the unit
     */
    void shellsGoOverTheTunnelWithTheAgent(String unit, String place) {
        Result there =
                far("--tunnel", host, ANY, "ssh", "-A", "core-02", "hostname; ssh-add -l; exit 7");
        assertThat(there.exit()).isEqualTo(7);
        assertThat(there.out()).startsWith("core-02\n").contains("ED25519");
        assertThat(far("--tunnel", host, ANY, "ssh", unit, "hostname; echo $SSH_CLIENT").text())
                .startsWith(place + "\n" + host + " ");
        Result nowhere = far("--tunnel", host, "ssh", "core-0", "hostname");
        assertThat(nowhere.exit()).isEqualTo(1);
        assertThat(nowhere.err()).contains("no machine and no unit is called core-0");

        // As the article prints it, and from there to another.
        assertThat(laptop.ssh(host, "fleetctl list-machines").text().lines()).hasSize(1 + MACHINES);
        assertThat(laptop.ssh(host, "fleetctl " + ANY + " ssh core-03 hostname").text())
                .isEqualTo("core-03\n");
    }

    /** How else would it end where somebody's terminal was closed, or their memory ran out? */
    void aTunnelDoesNotOutliveAFleetctlThatIsKilled() {
        String follow =
                "'%s' fleetctl --tunnel %s %s journal -f api@1.service >followed & its=$!"
                        .formatted(Launcher.script(), host, ANY);
        // The pattern is not a match of its own, which is in this shell's arguments.
        String there = "pgrep -f '[U]serKnownHostsFile=\"" + laptop.knownHosts() + "'";
        String script =
                String.join(
                        "; ",
                        "cd '" + laptop.knownHosts().getParent() + "'",
                        follow,
                        "until [ -s followed ]; do sleep 0.1; done",
                        there + " >/dev/null || exit 3",
                        "kill -9 $its",
                        "while " + there + " >/dev/null; do sleep 0.1; done");

        assertThat(laptop.run("timeout", "60", "sh", "-c", script).exit()).isZero();
    }

    /**
     * On one host, by its own fleet, which hands on what others know.
     *
     * @param places of units: the names of their hosts
     */
    void statusAndJournalAreThereOfUnitsOfEveryHost(Map<String, String> places) {
        places.forEach((unit, place) -> {
            assertThat(laptop.ssh(host, "fleetctl status " + unit).text())
                    .contains("● " + unit)
                    .contains("Main PID:");
            assertThat(laptop.ssh(host, "fleetctl journal --sudo --lines 100 " + unit).text())
                    .contains(" " + place + " ")
                    .contains("Started ");
        });
        String start =
                "printf '[Service]\\nExecStart=/bin/sleep infinity\\n[X-Fleet]\\nGlobal=true\\n' >everywhere.service && fleetctl start everywhere.service";
        laptop.ssh(host, start).text();
        try {
            String status = laptop.ssh(host, "fleetctl status everywhere.service").text();
            String journal = laptop.ssh(host, "fleetctl journal everywhere.service").text();
            for (String name : List.of("core-01", "core-02", "core-03")) {
                assertThat(status).contains("on " + name + ":");
                assertThat(journal).contains(" " + name + " init[1]: Started everywhere.service");
            }
            String one =
                    laptop.ssh(host, "fleetctl journal --machine core-03 everywhere.service")
                            .text();
            assertThat(one).contains(" core-03 ").doesNotContain(" core-02 ");
            String cat = "fleetctl journal -o cat --machine core-02 everywhere.service";
            assertThat(laptop.ssh(host, cat).text()).startsWith("Started everywhere.service");
        } finally {
            laptop.ssh(host, "fleetctl destroy everywhere.service").text();
        }
    }

    void theOriginalsTunnelSpeaksOverThePipesOfACommand(String other) {
        // Which stay open as long as it wants to ask more.
        String ask =
                """
                mkfifo asked && exec 3<>asked && rm asked
                printf 'GET http://domain-sock/fleet/v1/machines?alt=json HTTP/1.1\\r\\n' >&3
                printf 'Host: domain-sock\\r\\nConnection: close\\r\\n\\r\\n' >&3
                fleetctl fd-forward SOCKET <&3
                """;

        assertThat(laptop.ssh(host, ask.replace("SOCKET", "/var/run/fleet.sock")).text())
                .startsWith("HTTP/1.1 200 OK\r\n")
                .contains("\"primaryIP\":\"" + other + "\"");
        Result none = laptop.ssh(host, ask.replace("SOCKET", "/run/none.sock"));
        assertThat(none.exit()).isEqualTo(1);
        assertThat(none.out()).isEmpty();
        assertThat(none.err()).contains("/run/none.sock");
    }
}
