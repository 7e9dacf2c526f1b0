package flotilla.conformance.story;

import flotilla.conformance.servers.Launcher;
import flotilla.conformance.servers.Launcher.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where somebody sits who is at none of the machines: a key, an agent that has it, and a file of
 * known hosts, all of the test's own.
 */
final class Laptop implements AutoCloseable {
    private final Launcher flotilla;
    private final Path folder;

    /** How its commands find the agent. */
    private final List<String> agent;

    private Laptop(Launcher flotilla, Path folder, List<String> agent) {
        this.flotilla = flotilla;
        this.folder = folder;
        this.agent = agent;
    }

    /**
     * @param folder empty, for its own use
     */
    static Laptop open(Launcher flotilla, Path folder) throws IOException {
        Path key = folder.resolve("key");
        Files.createDirectories(folder);
        flotilla.run(List.of("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key.toString()))
                .text();
        Path socket = folder.resolve("agent");
        String said = flotilla.run(List.of("ssh-agent", "-a", socket.toString())).text();
        Laptop laptop =
                new Laptop(
                        flotilla,
                        folder,
                        List.of(
                                "SSH_AUTH_SOCK=" + socket,
                                said.replaceFirst("(?s).*(SSH_AGENT_PID=\\d+).*", "$1")));
        laptop.run("ssh-add", "-q", key.toString()).text();
        return laptop;
    }

    String publicKey() throws IOException {
        return Files.readString(folder.resolve("key.pub")).strip();
    }

    Path knownHosts() {
        return folder.resolve("known_hosts");
    }

    /** Any command, with the agent at hand and no terminal. */
    Result run(String... command) {
        List<String> line = new ArrayList<>(List.of("setsid", "--wait", "env"));
        line.addAll(agent);
        line.add("FLEETCTL_KNOWN_HOSTS_FILE=" + knownHosts());
        line.addAll(List.of(command));
        return flotilla.run(line);
    }

    Result fleetctl(String... arguments) {
        List<String> line = new ArrayList<>(List.of(Launcher.script().toString(), "fleetctl"));
        line.addAll(List.of(arguments));
        return run(line.toArray(String[]::new));
    }

    /** As the article calls ssh itself. */
    Result ssh(String address, String command) {
        return run(
                "ssh",
                "-A",
                "-o",
                "UserKnownHostsFile=" + knownHosts(),
                "core@" + address,
                command);
    }

    @Override
    public void close() {
        run("ssh-agent", "-k");
    }
}
