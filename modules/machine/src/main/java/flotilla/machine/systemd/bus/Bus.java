package flotilla.machine.systemd.bus;

import flotilla.machine.systemd.ledger.Row;
import flotilla.machine.systemd.ledger.Signal;
import flotilla.machine.systemd.ledger.Words;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.freedesktop.dbus.DBusPath;
import org.freedesktop.dbus.connections.IDisconnectCallback;
import org.freedesktop.dbus.connections.impl.DBusConnection;
import org.freedesktop.dbus.connections.impl.DBusConnectionBuilder;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.exceptions.DBusExecutionException;
import org.freedesktop.dbus.interfaces.CallbackHandler;
import org.freedesktop.dbus.interfaces.DBusSigHandler;
import org.freedesktop.dbus.interfaces.Properties;
import org.freedesktop.dbus.matchrules.DBusMatchRuleBuilder;
import org.freedesktop.dbus.messages.DBusSignal;
import org.freedesktop.dbus.types.Variant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to the system bus and through it to systemd. Once it is lost every call fails, and
 * another one is to be made. Signals come one after the other on one thread; they and replies have
 * no order between them.
 */
public final class Bus implements AutoCloseable {
    private static final String SYSTEMD = "org.freedesktop.systemd1";
    private static final String OBJECT = "/org/freedesktop/systemd1";

    /** What of a unit's properties makes up its state. */
    private static final Set<String> STATE =
            Set.of("LoadState", "ActiveState", "SubState", "MainPID", "Result");

    private static final Logger log = LoggerFactory.getLogger(Bus.class);

    private final DBusConnection connection;
    private final Manager manager;

    private Bus(DBusConnection connection, Manager manager) {
        this.connection = connection;
        this.manager = manager;
    }

    /**
     * @param socket of the system bus
     * @param lost told once when the connection has ended without {@link #close}
     */
    public static Bus connect(Path socket, Consumer<Signal> signals, Runnable lost)
            throws IOException {
        try {
            DBusConnection connection =
                    DBusConnectionBuilder.forAddress("unix:path=" + socket)
                            .withShared(false)
                            .withDisconnectCallback(new Losses(lost))
                            .build();
            try {
                hear(connection, signals);
                Bus bus =
                        new Bus(
                                connection,
                                connection.getRemoteObject(SYSTEMD, OBJECT, Manager.class));
                bus.subscribe();
                return bus;
            } catch (DBusException | IOException | RuntimeException e) {
                connection.disconnect();
                throw e;
            }
        } catch (DBusException | RuntimeException e) {
            throw new IOException("connecting to systemd at " + socket + ": " + e.getMessage(), e);
        }
    }

    private record Losses(Runnable lost) implements IDisconnectCallback {
        @Override
        public void disconnectOnError(IOException e) {
            lost.run();
        }

        @Override
        public void exceptionOnTerminate(IOException e) {
            lost.run();
        }
    }

    private static void hear(DBusConnection connection, Consumer<Signal> signals)
            throws DBusException {
        on(
                connection,
                Manager.JobRemoved.class,
                said -> signals.accept(new Signal.JobRemoved(said.job, said.result)));
        on(
                connection,
                Manager.UnitRemoved.class,
                said -> signals.accept(new Signal.Removed(said.unit)));
        on(
                connection,
                Manager.Reloading.class,
                said -> signals.accept(new Signal.Reloading(said.active)));
        // Only of units, of which there are enough: the library's own class takes all of the bus.
        var _ =
                connection.addGenericSigHandler(
                        DBusMatchRuleBuilder.create()
                                .withType("signal")
                                .withInterface("org.freedesktop.DBus.Properties")
                                .withMember("PropertiesChanged")
                                .withPathNamespace(OBJECT + "/unit")
                                .build(),
                        said -> changed(said, signals));
    }

    private static <T extends DBusSignal> void on(
            DBusConnection connection, Class<T> type, DBusSigHandler<T> handler)
            throws DBusException {
        var _ = connection.addSigHandler(type, handler);
    }

    private static void changed(DBusSignal said, Consumer<Signal> signals) {
        Map<String, String> words = new HashMap<>();
        String unit = Words.unit(said.getPath());
        try {
            if (said.getParameters()[1] instanceof Map<?, ?> properties) {
                properties.forEach((name, value) -> {
                    Object is = value instanceof Variant<?> one ? one.getValue() : value;
                    if (STATE.contains(String.valueOf(name))) {
                        words.put(String.valueOf(name), is.toString());
                    }
                });
            }
        } catch (DBusException | RuntimeException e) {
            log.warn("what systemd says of {} can't be read: {}", unit, e.toString());
        }
        if (!unit.isEmpty() && !words.isEmpty()) {
            signals.accept(new Signal.Changed(unit, words));
        }
    }

    /**
     * Also where others have subscribed, who may go: a second time is an error that says nothing.
     */
    private void subscribe() throws IOException {
        try {
            run("subscribing to systemd's signals", Manager::subscribe);
        } catch (BusError e) {
            if (!e.isSystemds("AlreadySubscribed")) {
                throw e;
            }
        }
    }

    /** Blocks until systemd has read all files, which may take seconds. */
    public void reload() throws IOException {
        run("reloading systemd", Manager::reload);
    }

    public List<Row> list() throws IOException {
        return rows(ask("listing systemd's units", Manager::listUnits));
    }

    /** Loads those that are not in memory, each of which costs: not for many, and not often. */
    public List<Row> list(List<String> names) throws IOException {
        return rows(ask("listing " + names.size() + " units", its -> its.listUnitsByNames(names)));
    }

    private static List<Row> rows(List<UnitRow> answer) {
        return answer.stream().map(UnitRow::row).toList();
    }

    /** For calls whose answer says nothing. */
    public void run(String attempt, Consumer<Manager> call) throws IOException {
        boolean _ =
                ask(
                        attempt,
                        its -> {
                            call.accept(its);
                            return true;
                        });
    }

    public <T> T ask(String attempt, Function<Manager, T> call) throws IOException {
        try {
            return call.apply(manager);
        } catch (DBusExecutionException e) {
            throw error(attempt, e);
        } catch (RuntimeException e) {
            throw new BusError(attempt, "", String.valueOf(e.getMessage()), e);
        }
    }

    private static BusError error(String attempt, DBusExecutionException e) {
        String name = e.getClass().getName().replace('$', '.');
        return new BusError(attempt, name, String.valueOf(e.getMessage()), e);
    }

    /**
     * Gives a job, after all that this thread gave before, and does not wait for the answer.
     *
     * @param method of {@link Manager}, which takes a unit and a mode
     * @return the job's path; fails with {@link BusError}
     */
    public CompletableFuture<String> job(String method, String unit) {
        CompletableFuture<String> path = new CompletableFuture<>();
        CallbackHandler<DBusPath> answer =
                new CallbackHandler<>() {
                    @Override
                    public void handle(DBusPath job) {
                        path.complete(job.getPath());
                    }

                    @Override
                    public void handleError(DBusExecutionException e) {
                        path.completeExceptionally(error(method + " " + unit, e));
                    }
                };
        try {
            connection.callWithCallback(manager, method, answer, unit, "replace");
        } catch (RuntimeException e) {
            path.completeExceptionally(
                    new BusError(method + " " + unit, "", String.valueOf(e.getMessage()), e));
        }
        return path;
    }

    /**
     * What a unit says of itself, by the names of org.freedesktop.systemd1(5).
     *
     * @param type {@code Unit}, or the unit's own such as {@code Service}
     */
    public Map<String, Object> properties(String unit, String type) throws IOException {
        String attempt = "asking systemd about " + unit;
        try {
            Properties its =
                    connection.getRemoteObject(SYSTEMD, Words.path(unit), Properties.class);
            Map<String, Object> properties = new HashMap<>();
            its.GetAll(SYSTEMD + "." + type)
                    .forEach((name, value) -> properties.put(name, plain(value)));
            return properties;
        } catch (DBusExecutionException e) {
            throw error(attempt, e);
        } catch (DBusException | RuntimeException e) {
            throw new BusError(attempt, "", String.valueOf(e.getMessage()), e);
        }
    }

    private static Object plain(Variant<?> value) {
        return value.getValue();
    }

    @Override
    public void close() {
        connection.disconnect();
    }
}
