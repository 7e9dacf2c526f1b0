package flotilla.conformance.dist;

import flotilla.conformance.Checkout;
import flotilla.provision.Machine;
import flotilla.provision.Progress;
import flotilla.provision.hosts.CommandResult;
import flotilla.provision.hosts.HostsHome;
import flotilla.provision.hosts.HostsProvider;
import flotilla.provision.hosts.Installation;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Hosts with what the packages bring in its place, as it was just built, and nothing started. The
 * runtime is this JVM's.
 */
final class BareHosts implements AutoCloseable {
    private static final Duration BOOT = Duration.ofSeconds(90);
    private static final Duration COMMAND = Duration.ofMinutes(3);

    private final HostsProvider provider;

    private BareHosts(HostsProvider provider) {
        this.provider = provider;
    }

    /**
     * @param folder empty, for the hosts' own use
     * @param subnet of theirs, {@code 10.x.y}
     */
    static BareHosts boot(Path folder, String subnet, int count) throws InterruptedException {
        Installation built = Installation.ofCheckout(Checkout.here().root());
        BareHosts hosts =
                new BareHosts(
                        new HostsProvider(
                                new HostsHome(folder.resolve("hosts"), subnet),
                                built.equipment(folder.resolve("installed")),
                                Progress.SILENT));
        hosts.provider.create(count, "");
        for (Machine host : hosts.provider.machines()) {
            hosts.provider.awaitBoot(host.name(), BOOT);
        }
        return hosts;
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

    /** Takes its power away. */
    void kill(String host) throws InterruptedException {
        provider.kill(host);
    }

    /** Returns when systemd has started all that it starts at boot. */
    void boot(String host) throws InterruptedException {
        provider.boot(host);
        provider.awaitBoot(host, BOOT);
    }

    @Override
    public void close() throws InterruptedException {
        provider.destroy();
    }
}
