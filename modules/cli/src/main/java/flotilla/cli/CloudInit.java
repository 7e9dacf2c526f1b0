package flotilla.cli;

import flotilla.cli.command.CommandFailure;
import flotilla.cloudconfig.document.CloudConfig;
import flotilla.cloudconfig.document.CloudConfig.Mode;
import flotilla.cloudconfig.document.Metadata;
import flotilla.cloudconfig.document.Problem;
import flotilla.cloudconfig.document.UserData;
import flotilla.cloudconfig.document.Variables;
import flotilla.cloudconfig.plan.Plan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code coreos-cloudinit}: looks at a user-data without a machine. */
@Command(
        name = "coreos-cloudinit",
        description = CloudInit.SUMMARY,
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  flotilla coreos-cloudinit --validate --from-file user-data.yml",
            "  flotilla coreos-cloudinit --validate --strict --from-file user-data.yml",
            "  COREOS_PRIVATE_IPV4=10.0.0.5 flotilla coreos-cloudinit --explain --from-file user-data.yml",
            "",
            "Exit codes: 0 nothing to complain of (with --strict: not even a remark), 1 otherwise."
        })
final class CloudInit implements Callable<Integer> {
    static final String SUMMARY = "Check a cloud-config, or tell what it would do to a machine.";

    @Option(
            names = "--from-file",
            paramLabel = "FILE",
            required = true,
            description = "Where the user-data is")
    private Path file = Path.of("");

    @Option(names = "--strict", description = "Judge as coreos-cloudinit did, in its words")
    private boolean strict;

    @Option(names = "--validate", description = "Say what is wrong with it; also the default")
    private boolean validate;

    @Option(
            names = "--explain",
            description =
                    "Say step by step what applying it would do; $private_ipv4 and such are"
                            + " COREOS_PRIVATE_IPV4 and such")
    private boolean explain;

    @Override
    public Integer call() {
        Metadata metadata = metadata(System.getenv());
        UserData userData = userData();
        Variables variables = Variables.of(metadata);
        CloudConfig.Reading reading =
                CloudConfig.read(
                        userData,
                        explain ? variables : Variables.of(sample(metadata)),
                        strict ? Mode.STRICT : Mode.LENIENT);
        List<String> words = reading.problems().stream().map(this::line).toList();
        if (explain) {
            if (!validate) {
                words.forEach(System.err::println);
            }
            variables.empty(userData.text()).forEach(problem -> System.err.println(line(problem)));
            reading.document()
                    .ifPresent(document -> System.out.print(Plan.of(document, metadata).explain()));
        }
        if (validate || !explain) {
            words.forEach(System.out::println);
        }
        return reading.hasErrors() || (strict && !words.isEmpty()) ? 1 : 0;
    }

    private String line(Problem problem) {
        return strict ? problem.original() : file + ":" + problem;
    }

    private UserData userData() {
        try {
            return UserData.of(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            throw new CommandFailure("there is no " + file);
        } catch (IOException e) {
            throw new CommandFailure("can't read " + file + ": " + e.getMessage());
        }
    }

    private static Metadata metadata(Map<String, String> environment) {
        return new Metadata(
                machineId(),
                "",
                environment.getOrDefault("COREOS_PRIVATE_IPV4", ""),
                environment.getOrDefault("COREOS_PUBLIC_IPV4", ""),
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
