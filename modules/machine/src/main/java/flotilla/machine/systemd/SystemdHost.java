package flotilla.machine.systemd;

import flotilla.machine.Host;
import flotilla.machine.HostFacts;
import flotilla.machine.WayOut;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A host that systemd runs. */
public final class SystemdHost implements Host {
    private static final Duration COMMAND_LIMIT = Duration.ofSeconds(30);

    private static final Duration STATE_LIMIT = Duration.ofSeconds(3);

    private final Reach reach;

    public SystemdHost(Reach reach) {
        this.reach = reach;
    }

    /** Of a host in namespaces without an address: the way out is asked for from this process. */
    @Override
    public HostFacts facts() throws IOException {
        Path root = reach.root();
        String memory =
                Files.readAllLines(Path.of("/proc/meminfo")).stream()
                        .filter(line -> line.startsWith("MemTotal:"))
                        .map(line -> line.replaceAll("[^0-9]", ""))
                        .findFirst()
                        .orElse("0");
        return new HostFacts(
                Files.readString(root.resolve("etc/machine-id")).strip(),
                one("cat", "/proc/sys/kernel/random/boot_id").replace("-", ""),
                one("uname", "-n"),
                reach.inside().isEmpty() ? WayOut.address() : "",
                Long.parseLong(memory) * 1024,
                Runtime.getRuntime().availableProcessors() * 1000L);
    }

    private String one(String... command) throws IOException {
        return reach.need(List.of(command), COMMAND_LIMIT).strip();
    }

    @Override
    public void rename(String hostname) throws IOException {
        String _ = one("hostname", "--", hostname);
    }

    @Override
    public boolean isStopping() {
        try {
            List<String> asks = List.of("systemctl", "is-system-running");
            return reach.run(asks, STATE_LIMIT).text().strip().equals("stopping");
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void reboot() throws IOException {
        String _ = one("systemctl", "reboot", "--no-block");
    }
}
