package flotilla.cli.cluster;

import flotilla.cli.command.CommandFailure;
import flotilla.provision.cluster.MachineCluster;
import flotilla.provision.hosts.HostsCluster;
import flotilla.provision.hosts.Installation;
import flotilla.provision.local.LocalCluster;
import flotilla.provision.local.LocalHome;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** This user's cluster on this host, as the environment names it. */
public final class ThisHost {
    private ThisHost() {}

    /** What a cluster's machines are made of. */
    enum ProviderName {
        local,
        hosts
    }

    /** The one that is there, or a local one to be made; its progress goes to stderr. */
    static MachineCluster cluster() {
        return cluster(HostsCluster.isAt(home()) ? ProviderName.hosts : ProviderName.local);
    }

    /**
     * One of a certain kind.
     *
     * @throws CommandFailure when there is one of another kind
     */
    static MachineCluster cluster(ProviderName provider) {
        Map<String, String> environment = System.getenv();
        ProviderName other =
                provider == ProviderName.local ? ProviderName.hosts : ProviderName.local;
        MachineCluster wanted = of(provider, environment);
        if (wanted.userData().isEmpty() && isThere(other)) {
            throw new CommandFailure(
                    "there is a cluster of the provider '%s' in %s: ./flotilla down --purge removes it, and another FLOTILLA_HOME has room for another one"
                            .formatted(other, home()));
        }
        return wanted;
    }

    private static boolean isThere(ProviderName provider) {
        return provider == ProviderName.hosts
                ? HostsCluster.isAt(home())
                : LocalCluster.isAt(home());
    }

    private static MachineCluster of(ProviderName provider, Map<String, String> environment) {
        return switch (provider) {
            case local ->
                    new LocalCluster(
                            LocalHome.of(environment), share().toString(), System.err::println);
            case hosts ->
                    HostsCluster.at(
                            home(),
                            environment.getOrDefault("FLOTILLA_SUBNET", ""),
                            Installation.ofThisProgram(share()),
                            System.err::println);
        };
    }

    private static Path home() {
        return LocalHome.directory(System.getenv());
    }

    /** Where the examples are: the checkout, or what a package installed. */
    static Path share() {
        return Path.of(System.getenv().getOrDefault("FLOTILLA_SHARE", "/usr/share/flotilla"));
    }

    /** fleet's API of a machine that is up; empty when there is none. */
    public static Optional<URI> endpoint() {
        return cluster().endpoint();
    }

    /** fleet's API of one certain machine. */
    public static Optional<URI> socketOf(String machineId) {
        return cluster().socketOf(machineId);
    }
}
