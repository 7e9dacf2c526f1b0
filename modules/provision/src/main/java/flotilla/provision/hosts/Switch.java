package flotilla.provision.hosts;

import flotilla.provision.ProvisionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A bridge in a network name space of its own, with a port for this machine and one for each host:
 * so this machine's firewall has no part in it. Which ports don't hear each other is a set of
 * nftables, which is where it is kept.
 */
final class Switch {
    /** This machine's port. */
    static final String SELF = "host";

    /** A closing brace of nft's stands on a line of its own. */
    private static final String RULES =
            """
            table bridge flotilla {
                set cut {
                    type ifname . ifname
                }
                chain forward {
                    type filter hook forward priority 0; policy accept;
                    iifname . oifname @cut drop
                }
            }
            """;

    /** As nft lists an element of that set. */
    private static final Pattern PAIR = Pattern.compile("\"([^\"]+)\" \\. \"([^\"]+)\"");

    private final HostsHome home;
    private final Path network;

    Switch(HostsHome home) {
        this.home = home;
        network = home.network();
    }

    /** Two network cards joined by a cable. */
    private String card() {
        return home.tag() + "-0";
    }

    void make() throws InterruptedException {
        if (Mounts.has(network)) {
            return;
        }
        requireFreeSubnet();
        nameSpace(network);
        Command.in(network, "ip", "link", "add", "br0", "type", "bridge", "mcast_snooping", "0");
        Command.in(network, "ip", "link", "set", "br0", "up");
        Command.run(
                "ip",
                "link",
                "add",
                card(),
                "type",
                "veth",
                "peer",
                "name",
                SELF,
                "netns",
                network.toString());
        Command.in(network, "ip", "link", "set", SELF, "master", "br0", "up");
        Command.run("ip", "addr", "add", home.ownAddress() + "/24", "dev", card());
        Command.run("ip", "link", "set", card(), "up");
        Command.in(network, List.of("nft", "-f", "-"), RULES);
    }

    private void requireFreeSubnet() throws InterruptedException {
        String taken = "inet " + home.subnet() + ".";
        String addresses = Command.run("ip", "-o", "-4", "addr", "show");
        addresses
                .lines()
                .filter(line -> line.contains(taken))
                .findFirst()
                .ifPresent(line -> {
                    throw new ProvisionException(
                            "the subnet %s.0/24 is in use here (%s): choose another"
                                    .formatted(
                                            home.subnet(), line.strip().replaceAll("\\s+", " ")));
                });
    }

    private static void nameSpace(Path at) throws InterruptedException {
        try {
            if (!Files.exists(at)) {
                Files.createFile(at);
            }
        } catch (IOException e) {
            throw new ProvisionException("can't make " + at, e);
        }
        Command.run("unshare", "--net=" + at, "true");
        Command.in(at, "ip", "link", "set", "lo", "up");
    }

    /** Gives a host a network name space, with its address and a cable to the switch. */
    void plugIn(HostPlace host) throws InterruptedException {
        unplug(host);
        nameSpace(host.network());
        Command.in(
                network,
                "ip",
                "link",
                "add",
                host.name(),
                "type",
                "veth",
                "peer",
                "name",
                "eth0",
                "address",
                "02:77:00:00:00:%02x".formatted(host.number()),
                "netns",
                host.network().toString());
        Command.in(network, "ip", "link", "set", host.name(), "master", "br0", "up");
        Command.in(host.network(), "ip", "addr", "add", host.address() + "/24", "dev", "eth0");
        Command.in(host.network(), "ip", "link", "set", "eth0", "up");
    }

    /** Pulls the cable: nobody hears more of the host. */
    void pull(HostPlace host) throws InterruptedException {
        if (Mounts.has(network)) {
            var _ = attempt("ip", "link", "set", host.name(), "down");
        }
    }

    /** The other end of {@link #plugIn}; does nothing when there is no cable. */
    void unplug(HostPlace host) throws InterruptedException {
        if (Mounts.has(network)) {
            var _ = attempt("ip", "link", "del", host.name());
        }
        if (Mounts.has(host.network())) {
            Command.run("umount", host.network().toString());
        }
    }

    private CommandResult attempt(String... command) throws InterruptedException {
        List<String> all = new ArrayList<>(List.of("nsenter", "--net=" + network, "--"));
        all.addAll(List.of(command));
        return Command.attempt(all.toArray(String[]::new));
    }

    /** No packet passes between them any more, either way; neither hears of that. */
    void cut(String host, Collection<String> peers) throws InterruptedException {
        for (String peer : peers) {
            set("add", host, peer);
        }
    }

    /** Undoes all cuts of a host. */
    void heal(String host) throws InterruptedException {
        for (String peer : cutFrom(host)) {
            set("delete", host, peer);
        }
    }

    private void set(String verb, String one, String other) throws InterruptedException {
        Command.in(
                network,
                List.of("nft", "-f", "-"),
                "%s element bridge flotilla cut { \"%s\" . \"%s\", \"%s\" . \"%s\" }\n"
                        .formatted(verb, one, other, other, one));
    }

    /** Whom a host is cut from. */
    Set<String> cutFrom(String host) throws InterruptedException {
        Set<String> peers = new TreeSet<>();
        Matcher pairs =
                PAIR.matcher(
                        Command.in(network, "nft", "list", "set", "bridge", "flotilla", "cut"));
        while (pairs.find()) {
            if (pairs.group(1).equals(host)) {
                peers.add(pairs.group(2));
            }
        }
        return peers;
    }

    /** Removes this machine's port and the switch. */
    void remove() throws InterruptedException {
        if (Mounts.has(network)) {
            var _ = Command.attempt("ip", "link", "del", card());
            Command.run("umount", network.toString());
        }
    }
}
