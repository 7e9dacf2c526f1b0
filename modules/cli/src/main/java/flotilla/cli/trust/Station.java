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
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** This host, as {@code init} and {@code join} make it a machine of a cluster. */
final class Station {
    /** Where the store's log is, once it has begun. */
    private static final String STORE = "var/lib/flotilla/etcd/member";

    private static final Path SOCKET = FleetClient.socketOf(Path.of("/"));

    /** How long what was started may take, at most. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final Duration PAUSE = Duration.ofMillis(500);

    private final Path store;
    private final TrustHome home;
    private final UnitSettings settings;
    private final StoreCopies copies;
    private final Around around;

    /**
     * What a host is surrounded by.
     *
     * @param storeUser whom the store runs as
     * @param whyNotListed why the cluster does not list a machine with that id; empty: it does
     */
    record Around(String storeUser, Services services, UnaryOperator<String> whyNotListed) {}

    /**
     * @param root the host's root directory
     */
    Station(Path root, Around around) {
        this.store = root.resolve(STORE);
        this.home = TrustHome.below(root);
        this.settings = new UnitSettings(home, root, false);
        this.copies = new StoreCopies(StoreCopies.beside(home).directory(), around.storeUser());
        this.around = around;
    }

    /** This one. */
    static Station ofThisHost() {
        return new Station(
                Path.of("/"),
                new Around(
                        StoreCopies.beside(new TrustHome(TrustHome.STANDARD)).user(),
                        new Systemctl(),
                        Station::whyNotListed));
    }

    TrustHome home() {
        return home;
    }

    StoreCopies copies() {
        return copies;
    }

    UnitSettings settings() {
        return settings;
    }

    Services services() {
        return around.services();
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
        if (Files.exists(store) && !settings.toldStore()) {
            throw new CommandFailure(
                    "the store of this host has data already, of a cluster %s: stop etcd and fleet and move %s away first"
                            .formatted(
                                    joins
                                            ? "that is not the one to join"
                                            : "whose members speak plainly",
                                    store));
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
     * @throws IOException when it has not come in time; it may yet
     */
    static void await(String what, Question question) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            String why = question.asked();
            if (why.isEmpty()) {
                return;
            }
            if (System.nanoTime() > deadline) {
                throw new IOException(
                        "%s after %d s: %s".formatted(what, PATIENCE.toSeconds(), why));
            }
            Thread.sleep(PAUSE);
        }
    }

    /** Starts fleet, which is told all. */
    void startFleet() throws InterruptedException {
        services().enable("fleet.service");
        services().start("fleet.service");
    }

    /** Waits until a machine is one of the cluster's, as fleet here says. */
    void awaitListed(String machineId) throws IOException, InterruptedException {
        await(
                "this machine is in no list of machines",
                () -> around.whyNotListed().apply(machineId));
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
