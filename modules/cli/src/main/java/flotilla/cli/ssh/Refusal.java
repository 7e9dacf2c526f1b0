package flotilla.cli.ssh;

import java.util.Locale;

/** What ssh said when it did not get there, with what to do next. */
final class Refusal {
    private Refusal() {}

    /**
     * @param said all that ssh wrote on its standard error
     * @return empty when nothing is known that would help
     */
    static String advice(OpenSsh ssh, Place host, String said) {
        String text = said.toLowerCase(Locale.ROOT);
        if (text.contains("remote host identification has changed")) {
            return "if %s is another machine now, forget its old key: ssh-keygen -f %s -R '%s'"
                    .formatted(host.host(), ssh.knownHosts(), host.known());
        }
        if (text.contains("host key verification failed")) {
            return "%s is in no list of known hosts: run this at a terminal, which asks; or look at what ssh-keyscan -p %d %s says, and put it into %s; --strict-host-key-checking=false believes any"
                    .formatted(host.host(), host.port(), host.host(), ssh.knownHosts());
        }
        if (text.contains("permission denied")) {
            return "%s lets nobody in as %s by the keys that were shown: ssh-add -l tells which the agent has, --ssh-username names another user"
                    .formatted(host.host(), ssh.user());
        }
        if (text.contains("timed out") || text.contains("timeout")) {
            return "no answer within %d s: --ssh-timeout waits longer"
                    .formatted(ssh.connectMax().toSeconds());
        }
        if (text.contains("could not resolve hostname")) {
            return "is the name right? 'fleetctl list-machines' tells addresses";
        }
        if (text.contains("connection refused")) {
            return "no sshd listens there: --tunnel host:port names another port";
        }
        return "";
    }
}
