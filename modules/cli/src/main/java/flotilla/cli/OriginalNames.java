package flotilla.cli;

import java.util.Set;

/**
 * The originals' programs were written in Go, whose flags take one dash or two. picocli reads
 * {@code -from-file} as a bundle of one-letter options, so their flags get the second dash here.
 */
final class OriginalNames {
    private static final Set<String> ONE_DASH =
            Set.of("coreos-cloudinit", "discovery", "etcd", "fleetctl", "fleetd");

    /** What {@code fleetctl ssh} takes itself; what else stands there is of the other machine. */
    private static final Set<String> SSH =
            Set.of("-machine", "-unit", "-forward-agent", "-ssh-port");

    private OriginalNames() {}

    static String[] translate(String[] arguments) {
        if (arguments.length == 0 || !ONE_DASH.contains(arguments[0])) {
            return arguments;
        }
        String[] translated = arguments.clone();
        boolean ssh = false;
        for (int i = 1; i < translated.length && !translated[i].equals("--"); i++) {
            // One letter after the dash (-f, -o) means the same to both.
            if (translated[i].matches("-[a-z][a-z0-9]*[a-z0-9-]+(=.*)?")
                    && (!ssh || SSH.contains(translated[i].replaceFirst("=.*", "")))) {
                translated[i] = "-" + translated[i];
            }
            ssh |= translated[i].equals("ssh");
        }
        return translated;
    }
}
