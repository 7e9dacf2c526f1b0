package flotilla.fleet.schedule;

import flotilla.units.Words;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a command line asks a container engine for, as far as it ties the container to its host.
 * Knows the options of {@code docker run} and {@code podman run} (their reference pages): what
 * comes after the image is the container's own business.
 */
final class ContainerCommand {
    private static final Set<String> ENGINES = Set.of("docker", "podman");
    private static final Set<String> VERBS = Set.of("run", "create");

    private static final Set<String> VOLUMES = Set.of("-v", "--volume", "--volumes-from");
    private static final Set<String> PORTS = Set.of("-p", "--publish");
    private static final Set<String> NETWORKS = Set.of("--net", "--network");

    /** Options of {@code run} without a value of their own; all others have one. */
    private static final Set<String> SWITCHES =
            Set.of(
                    "--detach",
                    "--disable-content-trust",
                    "--env-host",
                    "--help",
                    "--http-proxy",
                    "--init",
                    "--interactive",
                    "--no-healthcheck",
                    "--no-hostname",
                    "--no-hosts",
                    "--oom-kill-disable",
                    "--passwd",
                    "--privileged",
                    "--publish-all",
                    "--quiet",
                    "--read-only",
                    "--read-only-tmpfs",
                    "--replace",
                    "--rm",
                    "--rmi",
                    "--rootfs",
                    "--sig-proxy",
                    "--tls-verify",
                    "--tty",
                    "--unsetenv-all",
                    "--use-api-socket");

    /** Their short forms, which may stand together in one word. */
    private static final String SHORT_SWITCHES = "dhiPqt";

    /** Options of the engine itself, before its verb, that have a value. */
    private static final Set<String> ENGINE_VALUES =
            Set.of(
                    "-c",
                    "-H",
                    "-l",
                    "--cgroup-manager",
                    "--config",
                    "--connection",
                    "--context",
                    "--host",
                    "--log-level",
                    "--root",
                    "--runroot",
                    "--storage-driver",
                    "--tlscacert",
                    "--tlscert",
                    "--tlskey",
                    "--url");

    private ContainerCommand() {}

    /**
     * A container that is to be made.
     *
     * @param engine {@code docker} or {@code podman}
     * @param verb {@code run}, or {@code create}
     * @param image as it is written there; empty where the line has none
     */
    record Container(String engine, String verb, List<Option> options, Optional<String> image) {
        Container {
            options = List.copyOf(options);
        }

        /** The values of an option, by its long name or its short one. */
        List<String> values(String... names) {
            return options.stream()
                    .filter(option -> List.of(names).contains(option.name()))
                    .map(Option::value)
                    .toList();
        }

        /** Whether a switch is on, by its long name or its short one. */
        boolean has(String... names) {
            return Stream.of(names)
                    .anyMatch(name -> options.stream().anyMatch(option -> option.turnsOn(name)));
        }
    }

    /**
     * Whether some container that the line runs has a volume, or a port that its host has once.
     *
     * @param line a value of {@code ExecStart=}
     */
    static boolean holdsHost(String line) {
        return containers(line).stream()
                .flatMap(container -> container.options().stream())
                .anyMatch(option -> ties(option.name(), option.value()));
    }

    /**
     * The images of the containers that Docker runs for the line, as they are written there;
     * podman's are kept elsewhere.
     */
    static List<String> images(String line) {
        return containers(line).stream()
                .filter(container -> container.engine().equals("docker"))
                .flatMap(container -> container.image().stream())
                .toList();
    }

    /** What a value of an Exec line has engines make, in order. */
    static List<Container> containers(String line) {
        List<Container> containers = new ArrayList<>();
        Iterator<String> words = flat(Words.split(line)).iterator();
        while (words.hasNext()) {
            String engine = baseName(words.next());
            Optional<String> verb = ENGINES.contains(engine) ? verb(words) : Optional.empty();
            verb.ifPresent(known -> containers.add(container(engine, known, words)));
        }
        return containers;
    }

    private static Container container(String engine, String verb, Iterator<String> words) {
        List<Option> options = new ArrayList<>();
        while (words.hasNext()) {
            String word = words.next();
            if (word.equals("--")) {
                return new Container(
                        engine,
                        verb,
                        options,
                        words.hasNext() ? Optional.of(words.next()) : Optional.empty());
            }
            if (!word.startsWith("-")) {
                return new Container(engine, verb, options, Optional.of(word));
            }
            Option option = Option.of(word);
            boolean next = option.lacksValue() && words.hasNext();
            options.add(next ? option.with(words.next()) : option);
        }
        return new Container(engine, verb, options, Optional.empty());
    }

    /** The words, those of a shell's script among them. */
    private static List<String> flat(List<String> words) {
        List<String> flat = new ArrayList<>();
        String before = "";
        for (String word : words) {
            boolean script = before.matches("-[a-z]*c") && word.contains(" ");
            flat.addAll(script ? Words.split(word.replace(";", " ; ")) : List.of(word));
            before = word;
        }
        return flat;
    }

    /** Without systemd's signs before it and the folder. */
    private static String baseName(String word) {
        return word.replaceFirst("^[-@:+!|]*", "").replaceFirst("^.*/", "");
    }

    /** How the engine is told to make a container, if it is; reads on to the verb. */
    private static Optional<String> verb(Iterator<String> words) {
        while (words.hasNext()) {
            String word = words.next();
            if (VERBS.contains(word)) {
                return Optional.of(word);
            }
            boolean passedOver =
                    word.startsWith("-") || word.equals("container") || ENGINES.contains(word);
            if (!passedOver) {
                return Optional.empty();
            }
            if (ENGINE_VALUES.contains(word) && words.hasNext()) {
                words.next();
            }
        }
        return Optional.empty();
    }

    private static boolean ties(String option, String value) {
        return VOLUMES.contains(option)
                || (option.equals("--mount") && !value.contains("type=tmpfs"))
                || (NETWORKS.contains(option) && value.equals("host"))
                || (PORTS.contains(option) && isFixed(value));
    }

    /**
     * {@code [ADDRESS:][HOST]:CONTAINER[/PROTOCOL]}: without a port of the host, or with 0, one
     * that is free is taken. What comes from the environment may be anything.
     */
    private static boolean isFixed(String port) {
        int container = port.lastIndexOf(':');
        if (container < 0) {
            return port.contains("$");
        }
        String host = port.substring(0, container);
        String number = host.substring(host.lastIndexOf(':') + 1);
        return !number.isEmpty() && !number.equals("0");
    }

    /**
     * One option, of which the value may stand in the next word.
     *
     * @param name of several short ones together, the last one's that has a value
     * @param switches the letters of short ones without a value
     */
    record Option(String name, String value, boolean lacksValue, String switches) {
        static Option of(String word) {
            int equals = word.indexOf('=');
            if (word.startsWith("--")) {
                return equals < 0
                        ? new Option(word, "", !SWITCHES.contains(word), "")
                        : new Option(
                                word.substring(0, equals), word.substring(equals + 1), false, "");
            }
            int at = 1;
            while (at < word.length() && SHORT_SWITCHES.indexOf(word.charAt(at)) >= 0) {
                at++;
            }
            String switches = word.substring(1, at);
            if (at >= word.length()) {
                return new Option("-", "", false, switches);
            }
            String rest = word.substring(at + 1);
            return new Option(
                    "-" + word.charAt(at),
                    rest.startsWith("=") ? rest.substring(1) : rest,
                    rest.isEmpty(),
                    switches);
        }

        private boolean turnsOn(String wanted) {
            return wanted.startsWith("--")
                    ? name.equals(wanted) && !value.equals("false")
                    : switches.contains(wanted.substring(1));
        }

        private Option with(String next) {
            return new Option(name, next, false, switches);
        }
    }
}
