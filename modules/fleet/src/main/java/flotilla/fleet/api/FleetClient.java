package flotilla.fleet.api;

import flotilla.fleet.job.Eligibility;
import flotilla.fleet.job.JobState;
import flotilla.platform.http.HttpCaller;
import flotilla.platform.http.Reply;
import flotilla.platform.http.ReplyStream;
import flotilla.platform.json.Json;
import flotilla.platform.json.JsonObject;
import flotilla.units.UnitFile;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The other end of {@link Api}. Calls block and fail with {@link FleetException}; works with the
 * original's fleetd too, except for what only ours has ({@link #status}, {@link #journal}, {@link
 * #setEligibility}, {@link #restart}, {@link #unitsOf}, {@link #rollOut} and what belongs to it).
 */
public final class FleetClient implements AutoCloseable {
    private static final String V1 = "/fleet/v1/";
    private static final String OWN = "/flotilla/v1/";

    private final HttpCaller caller;
    private final Duration patience;

    private FleetClient(HttpCaller caller, Duration patience) {
        this.patience = patience;
        this.caller = caller;
    }

    /**
     * @param endpoint {@code unix:///path}, {@code http://} or {@code https://host:port}
     */
    public static FleetClient to(URI endpoint) {
        return to(endpoint, Duration.ZERO);
    }

    /** The endpoint of an API that listens on a unix socket, whatever its path has in it. */
    public static URI at(Path socket) {
        try {
            return new URI("unix", "", socket.toAbsolutePath().toString(), null);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("no path of a socket: " + socket, e);
        }
    }

    /** Where the API listens on a machine with this root directory, {@code /} on a real host. */
    public static Path socketOf(Path root) {
        return root.resolve("run/fleet.sock");
    }

    /**
     * Asks on when fleet answers 503, which says that nothing was done: it has not reached the
     * store yet, or the store has no leader just now.
     *
     * @param patience for each call, how long
     */
    public static FleetClient to(URI endpoint, Duration patience) {
        return over(HttpCaller.to(endpoint), patience);
    }

    /** The same, by a caller that is closed with it. */
    public static FleetClient over(HttpCaller caller, Duration patience) {
        return new FleetClient(caller, patience);
    }

    /** With host names and resources where fleetd tells them. */
    public List<MachineBody> listMachines() {
        return found(() -> machines(OWN)).orElseGet(() -> machines(V1));
    }

    private List<MachineBody> machines(String prefix) {
        return pages(prefix + "machines", "machines", MachineBody::read);
    }

    /**
     * Says what a machine may be used for; only ours can be told.
     *
     * @param machine its id
     */
    public void setEligibility(String machine, Eligibility eligibility) {
        send(
                "PUT",
                OWN + "machines/" + quoted(machine) + "/eligibility",
                Json.write(Map.of("eligibility", eligibility.text())));
    }

    /** What holds in the cluster for units that don't say; only ours has any. */
    public DefaultsBody defaults() {
        return get(OWN + "defaults", DefaultsBody::read);
    }

    public void setDefaults(DefaultsBody defaults) {
        send("PUT", OWN + "defaults", defaults.json());
    }

    public List<UnitBody> listUnits() {
        return found(() -> pages(OWN + "units", "units", UnitBody::read))
                .orElseGet(() -> pages(V1 + "units", "units", UnitBody::read));
    }

    /** In no order that counts. */
    public List<StateBody> listStates() {
        return found(() -> pagesOfStates(OWN + "state"))
                .orElseGet(() -> pagesOfStates(V1 + "state"));
    }

    /** What each machine says of one unit. */
    public List<StateBody> states(String unit) {
        return pagesOfStates(V1 + "state?unitName=" + quoted(unit));
    }

    private List<StateBody> pagesOfStates(String path) {
        return pages(path, "states", StateBody::read);
    }

    /** The units that one machine is told of, with what it is told. */
    public List<UnitBody> unitsOf(String machine) {
        return pages(OWN + "machines/" + quoted(machine) + "/units", "units", UnitBody::read);
    }

    /** What one machine says of its units. */
    public List<StateBody> statesOn(String machine) {
        return pagesOfStates(V1 + "state?machineID=" + quoted(machine));
    }

    public Optional<UnitBody> unit(String name) {
        String path = "units/" + quoted(name);
        return found(() -> get(OWN + path, UnitBody::read))
                .or(() -> found(() -> get(V1 + path, UnitBody::read)));
    }

    /** Empty when there is no such unit. */
    public Optional<ProgressBody> progress(String name) {
        return found(() -> get(OWN + "units/" + quoted(name) + "/progress", ProgressBody::read));
    }

    /**
     * Asks that units which are not inactive are started anew; one after another as they are named,
     * or all together. What comes of it does not depend on this client any more.
     *
     * @return the generation of each, as {@link #progress} tells it
     */
    public Map<String, Long> restart(List<String> units, boolean together) {
        Map<String, Object> asked = Map.of("units", units, "together", together);
        String reply = send("POST", OWN + "restart", new JsonObject(asked).json());
        JsonObject generations =
                Objects.requireNonNull(JsonObject.read(reply).object("generations"));
        Map<String, Long> byUnit = new LinkedHashMap<>();
        units.forEach(unit -> byUnit.put(unit, generations.number(unit)));
        return byUnit;
    }

    /** Creates the unit, or gives it another text. */
    public void createUnit(String name, UnitFile file, JobState desired) {
        put(name, new UnitBody(name, UnitOption.of(file), desired.text(), null, null));
    }

    public void setDesiredState(String name, JobState desired) {
        put(name, new UnitBody(name, null, desired.text(), null, null));
    }

    /** False when there was no such unit. */
    public boolean destroy(String name) {
        return found(() -> send("DELETE", V1 + "units/" + quoted(name), null)).isPresent();
    }

    /** As the machine that this client talks to knows it; empty when there is no such unit. */
    public Optional<StatusBody> status(String name) {
        return found(() -> get(OWN + "units/" + quoted(name) + "/status", StatusBody::read));
    }

    /** As a certain machine knows it. */
    public Optional<StatusBody> status(String name, String machine) {
        String query = "/status?machine=" + quoted(machine);
        return found(() -> get(OWN + "units/" + quoted(name) + query, StatusBody::read));
    }

    /**
     * Why a unit is where it is; empty when nobody knows it.
     *
     * @param machineId the machine to tell of; all when empty
     */
    public Optional<WhyBody> why(String name, Optional<String> machineId) {
        String query = machineId.map(id -> "?machine=" + quoted(id)).orElse("");
        return found(() -> get(OWN + "units/" + quoted(name) + "/why" + query, WhyBody::read));
    }

    /**
     * What a unit logged; following it, blocks until the thread is interrupted or the machine goes
     * away.
     */
    public void journal(String name, JournalLines which, Consumer<JournalLineBody> listener)
            throws InterruptedException {
        String path = OWN + "units/" + quoted(name) + "/journal" + which.query();
        try (ReplyStream reply = caller.open("GET", path, Map.of(), new byte[0])) {
            if (reply.status() >= 400) {
                throw FleetException.answered(reply.status(), reply.readLine().orElse(""));
            }
            for (Optional<String> line = reply.readLine();
                    line.isPresent();
                    line = reply.readLine()) {
                // A quiet stream carries empty lines, so that neither end takes the other for dead.
                if (!line.get().isEmpty()) {
                    listener.accept(JournalLineBody.read(JsonObject.read(line.get())));
                }
            }
        } catch (InterruptedIOException e) {
            throw (InterruptedException) new InterruptedException("journal").initCause(e);
        } catch (IOException e) {
            throw unanswered(e);
        }
    }

    /**
     * What was done to a unit; empty when nothing is kept of it.
     *
     * @param at asks where it was then too
     */
    public Optional<HistoryBody> history(String name, Period period, Optional<Instant> at) {
        String path = OWN + "units/" + quoted(name) + "/history" + period.query("?");
        String asked = at.map(time -> (path.contains("?") ? "&at=" : "?at=") + time).orElse("");
        return found(() -> get(path + asked, HistoryBody::read));
    }

    /**
     * What was done last to all units and machines that pass the filter; asks for as many pages as
     * that takes.
     *
     * @param limit lines
     */
    public HistoryBody history(EventFilter about, Period period, int limit) {
        String query = about.query() + period.query(about.query().isEmpty() ? "?" : "&");
        return HistoryPages.last(
                limit,
                (lines, before) -> {
                    String page = query + (query.isEmpty() ? "?" : "&") + "limit=" + lines;
                    String place = before.isEmpty() ? "" : "&before=" + quoted(before);
                    return get(OWN + "history" + page + place, HistoryBody::read);
                });
    }

    /** Has a new text given to units one after another; what comes of it does not depend on us. */
    public RolloutBody rollOut(RolloutRequest request) {
        return RolloutBody.read(JsonObject.read(send("POST", OWN + "rollouts", request.json())));
    }

    /** Every rollout that is remembered, without its units. */
    public List<RolloutBody> rollouts() {
        List<JsonObject> all =
                JsonObject.read(send("GET", OWN + "rollouts", null)).objects("rollouts");
        return all == null ? List.of() : all.stream().map(RolloutBody::read).toList();
    }

    /** With its units; empty when there is none of that name. */
    public Optional<RolloutBody> rollout(String name) {
        return found(() -> get(OWN + "rollouts/" + quoted(name), RolloutBody::read));
    }

    /**
     * Empty when there is none of that name.
     *
     * @param action pause, resume or undo
     */
    public Optional<RolloutBody> steerRollout(String name, String action) {
        String body = Json.write(Map.of("action", action));
        return found(() -> send("POST", OWN + "rollouts/" + quoted(name), body))
                .map(reply -> RolloutBody.read(JsonObject.read(reply)));
    }

    /** What would follow; changes nothing. */
    public PlanBody plan(PlanRequest request) {
        return PlanBody.read(JsonObject.read(send("POST", OWN + "plan", request.json())));
    }

    /**
     * Tells of changes from now on. Of the original, which can't, it says four times a second that
     * anything may have changed.
     *
     * @param about which; each of its sets lets everything pass when it is empty
     */
    public News news(EventFilter about) {
        return new News(caller, OWN + "events" + about.query(), "", patience);
    }

    /**
     * As {@link #news(EventFilter)}, from another time on.
     *
     * @param revision what came after that one is told; 0 for what comes from now on
     */
    public News news(EventFilter about, long revision) {
        String lastId = revision == 0 ? "" : String.valueOf(revision);
        return new News(caller, OWN + "events" + about.query(), lastId, patience);
    }

    private void put(String name, UnitBody body) {
        send("PUT", V1 + "units/" + quoted(name), body.json());
    }

    private <T> T get(String path, Function<JsonObject, T> body) {
        return body.apply(JsonObject.read(send("GET", path, null)));
    }

    private <T> List<T> pages(String path, String field, Function<JsonObject, T> item) {
        List<T> all = new ArrayList<>();
        String token = "";
        do {
            String query = (path.contains("?") ? "&" : "?") + "nextPageToken=" + quoted(token);
            String body = send("GET", token.isEmpty() ? path : path + query, null);
            Page<T> page = Page.read(body, field, item);
            all.addAll(page.items());
            token = page.next();
        } while (!token.isEmpty());
        return all;
    }

    private interface Call<T> {
        T make();
    }

    private static <T> Optional<T> found(Call<T> call) {
        try {
            return Optional.of(call.make());
        } catch (FleetException e) {
            if (e.isNotFound()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Returns the body. */
    private String send(String method, String path, @Nullable String body) {
        Patience left = new Patience(patience);
        while (true) {
            Reply reply = reply(method, path, body);
            if (reply.ok()) {
                return reply.text();
            }
            boolean notNow = reply.status() == 503 && !left.isOver();
            if (!notNow || Thread.currentThread().isInterrupted()) {
                throw FleetException.answered(reply.status(), reply.text());
            }
            left.pause();
        }
    }

    private Reply reply(String method, String path, @Nullable String body) {
        try {
            if (body == null) {
                return caller.call(method, path, Map.of(), new byte[0]);
            }
            return method.equals("POST") ? caller.postJson(path, body) : caller.putJson(path, body);
        } catch (IOException e) {
            throw unanswered(e);
        }
    }

    static FleetException unanswered(IOException e) {
        return new FleetException("fleet did not answer: " + e.getMessage(), e);
    }

    static String quoted(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public void close() {
        caller.close();
    }
}
