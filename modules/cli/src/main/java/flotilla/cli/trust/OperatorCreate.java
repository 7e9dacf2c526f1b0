package flotilla.cli.trust;

import flotilla.cli.command.CommandFailure;
import flotilla.cli.fleetctl.Connection;
import flotilla.cli.fleetctl.EndpointFinder;
import flotilla.platform.disk.AtomicFile;
import flotilla.trust.api.OperatorBody;
import flotilla.trust.api.OperatorRequest;
import flotilla.trust.authority.OwnKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "create",
        mixinStandardHelpOptions = true,
        description = {
            "Make a certificate by which somebody uses the cluster from elsewhere: cert.pem, key.pem",
            "and ca.pem in a directory for its owner alone. Asked on a machine that signs.",
            "Whoever may operate may run anything as root on every machine."
        })
final class OperatorCreate implements Callable<Integer> {
    @Mixin private final Connection connection;

    @Option(
            names = "--role",
            paramLabel = "read|operate|admin",
            required = true,
            description = {
                "read: look, journals too; operate: units, and where they run;",
                "admin: also who belongs to the cluster"
            })
    private String role = "";

    @Option(
            names = "--ttl",
            paramLabel = "TIME",
            defaultValue = "8h",
            description = "How long it counts, 7d at most (${DEFAULT-VALUE})")
    private String life = "8h";

    @Option(names = "--to", paramLabel = "DIR", description = "Where to (flotilla-NAME)")
    private @Nullable Path to;

    @Parameters(paramLabel = "NAME", description = "Who it is for, as the audit log names them")
    private String name = "";

    OperatorCreate(EndpointFinder finder) {
        this.connection = new Connection(finder);
    }

    @Override
    public Integer call() {
        long seconds = Asking.seconds("--ttl", life);
        OwnKey key = OwnKey.generate();
        OperatorBody made =
                Asking.of(
                        connection,
                        fleet ->
                                fleet.makeOperator(
                                        new OperatorRequest(name, role, seconds, key.request())));
        Path directory = to == null ? Path.of("flotilla-" + name) : to;
        try {
            keep(directory.toAbsolutePath(), key, made);
        } catch (IOException e) {
            throw new CommandFailure("can't keep the certificate: " + e.getMessage());
        }
        String where = Objects.requireNonNullElse(made.endpoint(), "https://MACHINE:49153");
        System.out.printf(
                "fleetctl --endpoint %s --cert-file %s --key-file %s --ca-file %s list-machines%n",
                where,
                directory.resolve("cert.pem"),
                directory.resolve("key.pem"),
                directory.resolve("ca.pem"));
        return 0;
    }

    private static void keep(Path directory, OwnKey key, OperatorBody made) throws IOException {
        Files.createDirectories(
                directory,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        AtomicFile.secretAt(directory.resolve("key.pem")).replace(key.pem());
        AtomicFile.secretAt(directory.resolve("ca.pem")).replace(made.authority());
        AtomicFile.secretAt(directory.resolve("cert.pem")).replace(made.certificate());
    }
}
