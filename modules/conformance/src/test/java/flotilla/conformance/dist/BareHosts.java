package flotilla.conformance.dist;

import flotilla.conformance.Checkout;
import flotilla.provision.Machine;
import flotilla.provision.Progress;
import flotilla.provision.hosts.CommandResult;
import flotilla.provision.hosts.HostsHome;
import flotilla.provision.hosts.HostsProvider;
import flotilla.provision.hosts.Shown;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;

/**
 * Hosts with what the packages bring in its place, as it was just built, and nothing started. The
 * runtime is this JVM's.
 */
final class BareHosts implements AutoCloseable {
    private static final Duration BOOT = Duration.ofSeconds(90);
    private static final Duration COMMAND = Duration.ofMinutes(3);

    private static final Path LIB = Path.of("/usr/lib/flotilla");
    private static final Path BUILT = Path.of("/usr/lib/flotilla-built");

    private static final List<String> UNITS =
            List.of(
                    "flotilla-etcd/usr/lib/systemd/system/etcd.service",
                    "flotilla/usr/lib/systemd/system/fleet.service",
                    "flotilla/usr/lib/systemd/system/fleet.socket");

    private static final List<String> USERS =
            List.of(
                    "flotilla-etcd/usr/lib/sysusers.d/flotilla-etcd.conf",
                    "flotilla/usr/lib/sysusers.d/flotilla.conf");

    private static final String PROGRAMS = "flotilla fleetd fleetctl etcd";

    private final HostsProvider provider;

    private BareHosts(HostsProvider provider) {
        this.provider = provider;
    }

    /**
     * @param folder empty, for the hosts' own use
     * @param subnet of theirs, {@code 10.x.y}
     */
    static BareHosts boot(Path folder, String subnet, int count)
            throws IOException, InterruptedException {
        Path root = Checkout.here().root();
        Path installed = installed(root, folder.resolve("installed"));
        BareHosts hosts =
                new BareHosts(
                        new HostsProvider(
                                new HostsHome(folder.resolve("hosts"), subnet),
                                List.of(
                                        new Shown(installed, LIB),
                                        new Shown(root.resolve("modules/cli/target"), BUILT)),
                                Progress.SILENT));
        hosts.provider.create(count, "");
        for (Machine host : hosts.provider.machines()) {
            hosts.provider.awaitBoot(host.name(), BOOT);
            hosts.furnish(root.resolve("dist"), host.name());
        }
        return hosts;
    }

    private static Path installed(Path root, Path installed) throws IOException {
        Path from = root.resolve("dist/flotilla/usr/lib/flotilla/bin");
        Path bin = Files.createDirectories(installed.resolve("bin"));
        Files.copy(
                from.resolve("flotilla"),
                bin.resolve("flotilla"),
                StandardCopyOption.COPY_ATTRIBUTES);
        Files.copy(
                root.resolve(
                        "modules/provision/src/main/resources/flotilla/provision/local/jvm.flags"),
                installed.resolve("jvm.flags"));
        Files.createSymbolicLink(
                installed.resolve("runtime"), Path.of(System.getProperty("java.home")));
        for (String part : List.of("flotilla.jar", "lib")) {
            Files.createSymbolicLink(installed.resolve(part), BUILT.resolve(part));
        }
        return installed;
    }

    private void furnish(Path dist, String host) throws IOException, InterruptedException {
        Path inside = provider.root(host);
        for (String unit : UNITS) {
            copy(dist.resolve(unit), inside.resolve("etc/systemd/system"));
        }
        for (String users : USERS) {
            copy(dist.resolve(users), inside.resolve("etc/sysusers.d"));
        }
        run(
                host,
                "systemd-sysusers flotilla-etcd.conf flotilla.conf; for p in %s; do ln -sf %s/bin/flotilla /usr/bin/$p; done; systemctl daemon-reload"
                        .formatted(PROGRAMS, LIB));
    }

    private static void copy(Path file, Path directory) throws IOException {
        Files.createDirectories(directory);
        Files.copy(
                file, directory.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
    }

    String address(String host) {
        return provider.machines().stream()
                .filter(machine -> machine.name().equals(host))
                .map(Machine::address)
                .findFirst()
                .orElseThrow();
    }

    /** What a script says that must end well. */
    String run(String host, String script) throws InterruptedException {
        CommandResult result = attempt(host, script);
        if (!result.isDone()) {
            String journal = attempt(host, "journalctl -o cat -n 30 -u etcd -u fleet").out();
            throw new AssertionError(
                    "%s: %s%nended with %d:%n%s%n%s"
                            .formatted(host, script, result.exit(), result.out(), journal));
        }
        return result.out().strip();
    }

    CommandResult attempt(String host, String script) throws InterruptedException {
        return provider.run(host, COMMAND, "sh", "-c", script);
    }

    @Override
    public void close() throws InterruptedException {
        provider.destroy();
    }
}
