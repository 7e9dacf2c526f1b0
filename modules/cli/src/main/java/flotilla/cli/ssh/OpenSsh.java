package flotilla.cli.ssh;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How ssh(1) is called: so that the user's config, agent and keys hold, and of known hosts
 * fleetctl's own file. What it does is said in arguments alone.
 *
 * @param program ssh's name or path
 * @param user whom to be there
 * @param connectMax for each hop, to the end of its key exchange
 * @param knownHosts in OpenSSH's format
 * @param strict whether only known hosts count
 * @param canAsk whether somebody sits at a terminal who can say that an unknown one is right
 */
public record OpenSsh(
        String program,
        String user,
        Duration connectMax,
        Path knownHosts,
        boolean strict,
        boolean canAsk) {
    /**
     * Says {@code ready} as soon as ssh has its connection and listens, and ends ssh when nobody
     * holds its standard input open any more: also when who started it was killed. {@code sh} is
     * named, for LocalCommand is run by whatever shell the user has.
     */
    private static final String LIFE_LINE =
            "exec sh -c 'exec 3<&0; (cat <&3 >/dev/null; kill $PPID) >/dev/null 2>&1 & echo ready'";

    /**
     * A way to the target over another host.
     *
     * @param control a connection to it that is there already, if so
     */
    public record Over(Place host, Optional<Path> control) {}

    /**
     * What is done at a machine.
     *
     * @param terminal whether it gets one there
     * @param agent whether it may use the keys of this agent
     * @param command nothing for a shell
     */
    public record Errand(boolean terminal, boolean agent, List<String> command) {
        public Errand {
            command = List.copyOf(command);
        }
    }

    /** To run a command at a machine. */
    List<String> run(Place target, Optional<Over> over, Errand errand) {
        List<String> line = base();
        if (errand.terminal()) {
            line.add("-t");
        }
        if (errand.agent()) {
            line.add("-A");
        }
        over.ifPresent(way -> option(line, "ProxyCommand", proxy(way)));
        line.addAll(target(target));
        line.addAll(errand.command());
        return line;
    }

    /**
     * To hold a socket here open that leads to a socket or a port as seen from there. No command is
     * run there; the connection can be used by others ({@link Over}) meanwhile.
     *
     * @param local the socket's path
     * @param remote a path, or {@code host:port}
     * @param control where others find the connection
     */
    List<String> forward(Place host, Path local, String remote, Path control) {
        List<String> line = base();
        line.addAll(List.of("-N", "-T", "-M", "-S", control.toString()));
        option(line, "ExitOnForwardFailure", "yes");
        option(line, "ClearAllForwardings", "no");
        option(line, "PermitLocalCommand", "yes");
        option(line, "LocalCommand", LIFE_LINE);
        line.addAll(List.of("-L", local + ":" + remote));
        line.addAll(target(host));
        return line;
    }

    private List<String> base() {
        List<String> line = new ArrayList<>(List.of(program, "-l", user));
        option(line, "ConnectTimeout", Long.toString(Math.max(1, connectMax.toSeconds())));
        // Of the file's name ssh would expand % and ${}, and part it at blanks.
        option(line, "UserKnownHostsFile", "\"" + escaped(knownHosts.toString()) + "\"");
        option(line, "StrictHostKeyChecking", checking());
        return line;
    }

    /** Without a terminal ssh would ask somebody's desktop. */
    private String checking() {
        if (!strict) {
            return "no";
        }
        return canAsk ? "ask" : "yes";
    }

    /** The same options: what a jump host is asked by goes by the config alone. */
    private String proxy(Over way) {
        List<String> line = base();
        way.control().ifPresent(path -> line.addAll(List.of("-S", path.toString())));
        line.addAll(List.of("-W", "[%h]:%p"));
        List<String> quoted = new ArrayList<>();
        for (String word : line) {
            // Of what ssh expands in a ProxyCommand one word is meant so.
            quoted.add(quoted(word.equals("[%h]:%p") ? word : escaped(word)));
        }
        target(way.host()).forEach(word -> quoted.add(quoted(escaped(word))));
        return quoted.stream().collect(Collectors.joining(" "));
    }

    private static List<String> target(Place place) {
        return List.of("-p", Integer.toString(place.port()), "--", place.host());
    }

    private static void option(List<String> line, String name, String value) {
        line.add("-o");
        line.add(name + "=" + value);
    }

    private static String escaped(String text) {
        return text.replace("%", "%%");
    }

    private static String quoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }
}
