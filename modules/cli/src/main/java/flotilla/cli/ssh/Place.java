package flotilla.cli.ssh;

import flotilla.cli.command.UsageFailure;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where an sshd is.
 *
 * @param host a name, an address, or what ssh_config(5) calls one
 */
public record Place(String host, int port) {
    public static final int PORT = 22;

    private static final int PORT_MAX = 65_535;

    private static final Pattern TEXT =
            Pattern.compile("(?:\\[(.+)]|([^:\\[\\]]+))(?::(\\d{1,5}))?");

    /**
     * As {@code --tunnel} takes it.
     *
     * @param text {@code host}, {@code host:port}, or an IPv6 address, in brackets before a port
     */
    public static Place parse(String text) {
        Matcher parts = TEXT.matcher(text);
        if (parts.matches()) {
            String host = parts.group(1) == null ? parts.group(2) : parts.group(1);
            int port = parts.group(3) == null ? PORT : Integer.parseInt(parts.group(3));
            return new Place(String.valueOf(host), checked(port));
        }
        if (text.chars().filter(sign -> sign == ':').count() > 1 && !text.contains("[")) {
            return new Place(text, PORT);
        }
        throw new UsageFailure("'" + text + "' is no host[:port]");
    }

    /** The same port, if there is such a one. */
    public static int checked(int port) {
        if (port < 1 || port > PORT_MAX) {
            throw new UsageFailure("there is no port " + port);
        }
        return port;
    }

    /** As known_hosts names it (sshd(8)). */
    String known() {
        return port == PORT ? host : "[" + host + "]:" + port;
    }
}
