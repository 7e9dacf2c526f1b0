package flotilla.cli.trust;

import flotilla.cli.command.CommandFailure;
import flotilla.cli.service.ThisMachine;
import flotilla.fleet.api.FleetClient;
import flotilla.fleet.api.FleetException;
import flotilla.machine.HostFacts;
import flotilla.machine.systemd.Systemd;
import flotilla.trust.home.StoreCopies;
import flotilla.trust.home.TrustHome;
import flotilla.trust.home.UnitSettings;
import flotilla.trust.join.Joiner.Self;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** This host, as {@code init} and {@code join} make it a machine of a cluster. */
final class Station {
    /** Where the store's log is, once it has begun. */
    private static final Path STORE = Path.of("/var/lib/flotilla/etcd/member");

    private static final Path SOCKET = FleetClient.socketOf(Path.of("/"));

    /** How long what was started may take, at most. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final Duration PAUSE = Duration.ofMillis(500);

    private final TrustHome home = new TrustHome(TrustHome.STANDARD);
    private final StoreCopies copies = StoreCopies.beside(home);
    private final UnitSettings settings = UnitSettings.ofThisMachine(home);
    private final Systemctl systemctl = new Systemctl();

    TrustHome home() {
        return home;
    }

    StoreCopies copies() {
        return copies;
    }

    UnitSettings settings() {
        return settings;
    }

    Systemctl systemctl() {
        return systemctl;
    }

    static void say(String words) {
        System.err.println(words);
    }

    /** Only root on a host with systemd may go on. */
    void requireFit() {
        if (!Systemd.isOurs()) {
            throw new CommandFailure(
                    "this changes a host's services: run it as root, where systemd is; without either 'flotilla up' makes a cluster");
        }
    }

    /**
     * A store that has begun otherwise goes on as it was, whatever it is told.
     *
     * @param joins whether it is to come to others
     */
    void requireNoOtherStore(boolean joins) {
        if (Files.exists(STORE) && !settings.toldStore()) {
            throw new CommandFailure(
                    "the store of this host has data already, of a cluster %s: stop etcd and fleet and move %s away first"
                            .formatted(
                                    joins
                                            ? "that is not the one to join"
                                            : "whose members speak plainly",
                                    STORE));
        }
    }

    /**
     * @param address where others reach this host; null: the one it goes out by
     */
    Self self(@Nullable String address) {
        try {
            HostFacts facts = ThisMachine.facts();
            String reached = address == null ? facts.address() : address;
            if (reached.isEmpty()) {
                throw new CommandFailure(
                        "where others reach this host is not known: say it with --address");
            }
            return new Self(
                    facts.machineId(),
                    facts.hostname().toLowerCase(Locale.ROOT),
                    List.of(InetAddress.ofLiteral(reached).getHostAddress()));
        } catch (IOException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()));
        } catch (IllegalArgumentException e) {
            throw new CommandFailure("--address: " + e.getMessage());
        }
    }

    /** What is asked again and again. */
    @FunctionalInterface
    interface Question {
        /** Empty: it has come; else why not yet. */
        String asked() throws InterruptedException;
    }

    /**
     * Asks until it has come.
     *
     * @param what in words, for when it does not
     */
    static void await(String what, Question question) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            String why = question.asked();
            if (why.isEmpty()) {
                return;
            }
            if (System.nanoTime() > deadline) {
                throw new CommandFailure(
                        "%s after %d s: %s; the same command goes on from here"
                                .formatted(what, PATIENCE.toSeconds(), why));
            }
            Thread.sleep(PAUSE);
        }
    }

    /** Starts fleet, which is told all, and waits until this machine is one of the cluster's. */
    void startFleet(String machineId) throws InterruptedException {
        systemctl.enable("fleet.service");
        systemctl.start("fleet.service");
        await("this machine is in no list of machines", () -> whyNotListed(machineId));
    }

    private static String whyNotListed(String machineId) {
        try (FleetClient fleet = FleetClient.to(FleetClient.at(SOCKET))) {
            return fleet.listMachines().stream().anyMatch(one -> machineId.equals(one.id()))
                    ? ""
                    : "fleet has not said that it is here";
        } catch (FleetException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
