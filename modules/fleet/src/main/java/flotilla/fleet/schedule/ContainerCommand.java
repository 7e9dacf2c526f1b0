package flotilla.fleet.schedule;

import flotilla.units.Words;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

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
     * Whether some container that the line runs has a volume, or a port that its host has once.
     *
     * @param line a value of {@code ExecStart=}
     */
    static boolean holdsHost(String line) {
        Iterator<String> words = flat(Words.split(line)).iterator();
        while (words.hasNext()) {
            if (ENGINES.contains(baseName(words.next())) && runs(words) && asks(words)) {
                return true;
            }
        }
        return false;
    }

    /**
     * The images of the containers that Docker runs for the line, as they are written there;
     * podman's are kept elsewhere.
     */
    static List<String> images(String line) {
        List<String> images = new ArrayList<>();
        Iterator<String> words = flat(Words.split(line)).iterator();
        while (words.hasNext()) {
            if (baseName(words.next()).equals("docker") && runs(words)) {
                image(words).ifPresent(images::add);
            }
        }
        return images;
    }

    /** The first word behind the options. */
    private static Optional<String> image(Iterator<String> words) {
        while (words.hasNext()) {
            String word = words.next();
            if (word.equals("--")) {
                continue;
            }
            if (!word.startsWith("-")) {
                return Optional.of(word);
            }
            if (Option.of(word).lacksValue() && words.hasNext()) {
                words.next();
            }
        }
        return Optional.empty();
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

    /** Whether what the engine is told is to run a container; reads on to the verb. */
    private static boolean runs(Iterator<String> words) {
        while (words.hasNext()) {
            String word = words.next();
            if (VERBS.contains(word)) {
                return true;
            }
            boolean passedOver =
                    word.startsWith("-") || word.equals("container") || ENGINES.contains(word);
            if (!passedOver) {
                return false;
            }
            if (ENGINE_VALUES.contains(word) && words.hasNext()) {
                words.next();
            }
        }
        return false;
    }

    /** Reads options up to the image, or to the first that ties the container to its host. */
    private static boolean asks(Iterator<String> words) {
        while (words.hasNext()) {
            String word = words.next();
            if (!word.startsWith("-") || word.equals("--")) {
                return false;
            }
            Option option = Option.of(word);
            String value = option.value();
            if (option.lacksValue() && words.hasNext()) {
                value = words.next();
            }
            if (ties(option.name(), value)) {
                return true;
            }
        }
        return false;
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
     * @param name of several short ones together, the last one's
     */
    private record Option(String name, String value, boolean lacksValue) {
        static Option of(String word) {
            int equals = word.indexOf('=');
            if (word.startsWith("--")) {
                return equals < 0
                        ? new Option(word, "", !SWITCHES.contains(word))
                        : new Option(word.substring(0, equals), word.substring(equals + 1), false);
            }
            int at = 1;
            while (at < word.length() && SHORT_SWITCHES.indexOf(word.charAt(at)) >= 0) {
                at++;
            }
            if (at >= word.length()) {
                return new Option("-", "", false);
            }
            String rest = word.substring(at + 1);
            return new Option(
                    "-" + word.charAt(at),
                    rest.startsWith("=") ? rest.substring(1) : rest,
                    rest.isEmpty());
        }
    }
}
