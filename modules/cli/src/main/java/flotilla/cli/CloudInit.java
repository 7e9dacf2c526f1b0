package flotilla.cli;

import flotilla.cli.command.CommandFailure;
import flotilla.cli.trust.CloudMembership;
import flotilla.cloudconfig.apply.Applier;
import flotilla.cloudconfig.apply.Boot;
import flotilla.cloudconfig.document.Belonging;
import flotilla.cloudconfig.document.CloudConfig;
import flotilla.cloudconfig.document.CloudConfig.Mode;
import flotilla.cloudconfig.document.Metadata;
import flotilla.cloudconfig.document.Problem;
import flotilla.cloudconfig.document.UserData;
import flotilla.cloudconfig.document.Variables;
import flotilla.cloudconfig.plan.Plan;
import flotilla.machine.Ports;
import flotilla.machine.WayOut;
import flotilla.machine.systemd.Reach;
import flotilla.machine.systemd.Systemd;
import flotilla.platform.log.Logging;
import flotilla.provision.machine.BootStatus;
import flotilla.provision.machine.BootStatus.Phase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code coreos-cloudinit}: applies a user-data to this machine, or looks at it without one. */
@Command(
        name = "coreos-cloudinit",
        description = {
            CloudInit.SUMMARY,
            "Applies it to this machine, as root, where systemd is; with --validate or --explain",
            "it changes nothing. $private_ipv4 and such are COREOS_PRIVATE_IPV4 and such, else",
            "the address that this machine goes out by."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  flotilla coreos-cloudinit --validate --from-file user-data.yml",
            "  flotilla coreos-cloudinit --validate --strict --from-file user-data.yml",
            "  COREOS_PRIVATE_IPV4=10.0.0.5 flotilla coreos-cloudinit --explain --from-file user-data.yml",
            "  sudo coreos-cloudinit --from-file user-data.yml",
            "",
            "Exit codes: 0 nothing to complain of (with --strict: not even a remark), 1 otherwise."
        })
final class CloudInit implements Callable<Integer> {
    static final String SUMMARY = "Apply a cloud-config, check it, or tell what it would do.";

    /** Where the original looked for what an installer or Vagrant had put there. */
    private static final List<Path> KNOWN =
            List.of(
                    Path.of("/var/lib/coreos-install/user_data"),
                    Path.of("/var/lib/coreos-vagrant/vagrantfile-user-data"));

    @Option(
            names = "--from-file",
            paramLabel = "FILE",
            description =
                    "Where the user-data is; else /var/lib/coreos-install/user_data, or"
                            + " /var/lib/coreos-vagrant/vagrantfile-user-data")
    private @Nullable Path given;

    @Option(names = "--strict", description = "Judge as coreos-cloudinit did, in its words")
    private boolean strict;

    @Option(names = "--validate", description = "Say what is wrong with it, and do nothing")
    private boolean validate;

    @Option(names = "--explain", description = "Say step by step what applying it would do")
    private boolean explain;

    @Option(
            names = "--status",
            paramLabel = "DIR",
            hidden = true,
            description = "Where to tell how far it is")
    private @Nullable Path status;

    @Override
    public Integer call() throws InterruptedException {
        Path file = file();
        UserData userData = userData(file);
        if (validate || explain || strict) {
            return look(file, userData);
        }
        return apply(file, userData);
    }

    private int look(Path file, UserData userData) {
        Metadata metadata = metadata(System.getenv(), "");
        Variables variables = Variables.of(metadata);
        CloudConfig.Reading reading =
                CloudConfig.read(
                        userData,
                        explain ? variables : Variables.of(sample(metadata)),
                        strict ? Mode.STRICT : Mode.LENIENT);
        List<String> words =
                reading.problems().stream().map(problem -> line(file, problem)).toList();
        if (explain) {
            if (!validate) {
                words.forEach(System.err::println);
            }
            variables
                    .empty(userData.text())
                    .forEach(problem -> System.err.println(line(file, problem)));
            reading.document()
                    .ifPresent(document -> System.out.print(Plan.of(document, metadata).explain()));
        }
        if (validate || !explain) {
            words.forEach(System.out::println);
        }
        return reading.hasErrors() || (strict && !words.isEmpty()) ? 1 : 0;
    }

    private String line(Path file, Problem problem) {
        return strict ? problem.original() : file + ":" + problem;
    }

    private int apply(Path file, UserData userData) throws InterruptedException {
        if (!Systemd.isOurs()) {
            throw new CommandFailure(
                    "a user-data is applied by root, on a machine that systemd runs; without one"
                            + " --validate checks it, and --explain says what it would do");
        }
        // What libraries would say of all they do is for no journal.
        Logging.start("warn", Logging.Format.TEXT);
        Metadata metadata = metadata(System.getenv(), WayOut.address());
        Variables variables = Variables.of(metadata);
        CloudConfig.Reading reading = CloudConfig.read(userData, variables, Mode.LENIENT);
        Stream.concat(reading.problems().stream(), variables.empty(userData.text()).stream())
                .forEach(problem -> System.err.println(line(file, problem)));
        tell(Phase.BOOTING, "read " + file);
        Ports ports = open();
        try {
            shut(file, reading);
            Applier.Around around = new Applier.Around(ports, CloudMembership.ofThisHost());
            Boot.apply(reading, metadata, new Applier(Path.of("/"), around, this::progress));
            tell(Phase.RUNNING, "");
            return 0;
        } catch (IOException e) {
            tell(Phase.FAILED, String.valueOf(e.getMessage()));
            throw new CommandFailure(String.valueOf(e.getMessage()));
        } finally {
            ports.init().close();
        }
    }

    /** One that holds a token is for its owner alone. */
    private static void shut(Path file, CloudConfig.Reading reading) throws IOException {
        boolean hasToken =
                reading.document()
                        .flatMap(CloudConfig::belonging)
                        .filter(how ->
                                how instanceof Belonging.Another another
                                        && another.token().isPresent())
                        .isPresent();
        Set<PosixFilePermission> alone = PosixFilePermissions.fromString("rw-------");
        if (hasToken && !alone.containsAll(Files.getPosixFilePermissions(file))) {
            Files.setPosixFilePermissions(file, alone);
            System.err.println(file + " holds a join token: it is shut to all but its owner");
        }
    }

    private static Ports open() {
        try {
            return Systemd.open(Reach.thisHost());
        } catch (IOException e) {
            throw new CommandFailure("can't reach systemd: " + e.getMessage());
        }
    }

    private void progress(String action) {
        System.err.println(action);
        tell(Phase.BOOTING, action);
    }

    /** For whoever waits; what becomes of the machine doesn't hang on it. */
    private void tell(Phase phase, String words) {
        if (status != null) {
            try {
                new BootStatus(phase, words).write(status);
            } catch (IOException e) {
                System.err.println("can't tell how far this is: " + e.getMessage());
            }
        }
    }

    private Path file() {
        return Optional.ofNullable(given)
                .or(() -> KNOWN.stream().filter(Files::exists).findFirst())
                .orElseThrow(() ->
                        new CommandFailure(
                                "there is no user-data: name one by --from-file, or put it at "
                                        + KNOWN.getFirst()));
    }

    private static UserData userData(Path file) {
        try {
            return UserData.of(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            throw new CommandFailure("there is no " + file);
        } catch (IOException e) {
            throw new CommandFailure("can't read " + file + ": " + e.getMessage());
        }
    }

    /**
     * @param address where nobody says one
     */
    private static Metadata metadata(Map<String, String> environment, String address) {
        String own = environment.getOrDefault("COREOS_PRIVATE_IPV4", "");
        String ipv4 = own.isEmpty() ? address : own;
        return new Metadata(
                machineId(),
                "",
                ipv4,
                environment.getOrDefault("COREOS_PUBLIC_IPV4", address.isEmpty() ? "" : ipv4),
                environment.getOrDefault("COREOS_PRIVATE_IPV6", ""),
                environment.getOrDefault("COREOS_PUBLIC_IPV6", ""),
                List.of());
    }

    /** Some machine: what a check without one takes for an address that nobody said. */
    private static Metadata sample(Metadata metadata) {
        return new Metadata(
                metadata.machineId(),
                metadata.hostname(),
                orElse(metadata.privateIpv4(), "192.0.2.1"),
                orElse(metadata.publicIpv4(), "203.0.113.1"),
                orElse(metadata.privateIpv6(), "2001:db8::1"),
                orElse(metadata.publicIpv6(), "2001:db8::2"),
                List.of());
    }

    private static String orElse(String address, String documentation) {
        return address.isEmpty() ? documentation : address;
    }

    private static String machineId() {
        try {
            return Files.readString(Path.of("/etc/machine-id")).strip();
        } catch (IOException e) {
            return ""; // A host without one: then etcd's name is its host name, as the original's.
        }
    }
}
