package flotilla.fleet.engine.office;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import flotilla.client.ClientConfig;
import flotilla.client.Election.Leadership;
import flotilla.client.EtcdClient;
import flotilla.client.LeaseKeeper;
import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.cluster.Stored;
import flotilla.fleet.engine.Action.Carry;
import flotilla.fleet.engine.Decision;
import flotilla.fleet.engine.Decision.Hold;
import flotilla.fleet.engine.Decision.Target;
import flotilla.fleet.engine.Decision.Wish;
import flotilla.fleet.engine.Event;
import flotilla.fleet.job.Acknowledgement;
import flotilla.fleet.job.Assignment;
import flotilla.fleet.job.Capacity;
import flotilla.fleet.job.Eligibility;
import flotilla.fleet.job.Job;
import flotilla.fleet.job.JobState;
import flotilla.fleet.job.Machine;
import flotilla.fleet.job.Sighting;
import flotilla.fleet.job.Strikes;
import flotilla.fleet.registry.Layout;
import flotilla.fleet.registry.Registry;
import flotilla.platform.Clock;
import flotilla.proof.OriginalEtcd;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On the original etcd: what no longer holds when it is carried out changes nothing. */
class FencingTest {
    @TempDir private Path directory = Path.of("");
    private OriginalEtcd etcd;
    private EtcdClient client;
    private Registry registry;
    private LeaseKeeper lease;
    private Executor executor;
    private long number;

    @BeforeEach
    void leads() throws Exception {
        etcd = OriginalEtcd.start(directory);
        client = EtcdClient.connect(ClientConfig.of(List.of(etcd.endpoint())));
        registry = new Registry(client, new Layout(Layout.DEFAULT_PREFIX), Clock.system());
        lease = registry.lease(Duration.ofSeconds(60), () -> {});
        Leadership leadership = registry.election().campaign(lease, ByteString.copyFromUtf8("m1"));
        executor = new Executor(registry, leadership, Clock.system());
        machine("m1");
        machine("m2");
    }

    @AfterEach
    void ends() throws InterruptedException {
        lease.close();
        client.close();
        etcd.close();
    }

    @Test
    void what_a_deposed_engine_decides_is_not_carried_out() {
        Decision first = place("a.service");
        Decision second = place("b.service");
        Decision third = place("c.service");

        assertThat(executor.execute(carry(first))).allMatch(Event.Done.class::isInstance);
        assertThat(executor.leads()).isTrue();
        lease.close();

        assertThat(executor.execute(carry(second, third)))
                .containsExactly(new Event.Refused(2), new Event.Refused(3));
        assertThat(executor.leads()).isFalse();
        assertThat(registry.get(new Key.OfOwner("a.service"))).isPresent();
        assertThat(registry.get(new Key.OfOwner("b.service"))).isEmpty();
        assertThat(registry.list(registry.layout().placements("m2"))).hasSize(1);
    }

    @Test
    void what_the_store_does_not_answer_is_unknown_and_the_rest_is_not_tried() throws Exception {
        Decision first = place("a.service");
        Decision second = new Decision.Forgive("b.service", 1, "test");
        etcd.kill();

        assertThat(executor.execute(carry(first, second)))
                .containsExactly(new Event.Unknown(1), new Event.Refused(2));
        assertThat(executor.leads()).as("nobody has said else").isTrue();
    }

    @Test
    void of_several_that_share_a_transaction_only_the_void_one_is_refused() {
        Decision first = place("a.service");
        Decision second = place("b.service");
        write(new Entry.OfOwner("a.service", "m9"));

        assertThat(executor.execute(carry(first, second)))
                .satisfiesExactly(
                        outcome -> assertThat(outcome).isEqualTo(new Event.Refused(1)),
                        outcome -> assertThat(outcome).isInstanceOf(Event.Done.class));
    }

    /** Each kind of decision, with each change that voids it. */
    @Test
    void a_decision_is_void_once_anything_it_was_decided_from_has_changed() {
        List<Consumer<String>> come =
                List.of(
                        this::changeJob,
                        _ -> write(new Entry.OfEligibility("m2", Eligibility.CORDONED)),
                        _ -> remove(new Key.OfMachine("m2")),
                        unit -> tell("m2", unit));
        voids("place", this::place, and(come, unit -> write(new Entry.OfOwner(unit, "m1"))));
        voids("global", unit -> decided(unit, Kind.GLOBAL), come);
        List<Consumer<String>> hold = List.of(unit -> tell("m1", unit), this::changeOwner);
        voids("update", unit -> decided(unit, Kind.UPDATE), and(hold, this::changeJob));
        voids("withdraw", unit -> decided(unit, Kind.WITHDRAW), and(hold, this::changeJob));
        voids("release", unit -> decided(unit, Kind.RELEASE), hold);
        voids("strike", unit -> decided(unit, Kind.STRIKE), hold);
        List<Consumer<String>> both = new ArrayList<>(hold);
        both.addAll(come);
        voids("move", unit -> decided(unit, Kind.MOVE), both);
        voids("overlap", unit -> decided(unit, Kind.OVERLAP), both);
    }

    @Test
    void what_rests_on_a_machine_being_gone_is_void_once_it_is_back() {
        for (Kind kind : List.of(Kind.RELEASE, Kind.STRIKE, Kind.MOVE)) {
            remove(new Key.OfMachine("m1"));
            Decision kept = decided(kind + "-1.service", kind);
            Decision lost = decided(kind + "-2.service", kind);
            machine("m1");
            assertThat(executor.execute(carry(kept))).hasOnlyElementsOfType(Event.Refused.class);

            remove(new Key.OfMachine("m1"));
            assertThat(executor.execute(carry(lost))).hasOnlyElementsOfType(Event.Done.class);
        }
        remove(new Key.OfMachine("m1"));
        Entry.OfMetadata item = new Entry.OfMetadata("m1", "role", java.util.Optional.of("db"));
        write(item);
        Decision forget = new Decision.Forget("m1", item.key(), revision(item.key()), "test");
        Decision gone = new Decision.Remember("m1", new Sighting(1, 1), 0, "test");
        machine("m1");

        assertThat(executor.execute(carry(forget))).hasOnlyElementsOfType(Event.Refused.class);
        assertThat(executor.execute(carry(gone))).hasOnlyElementsOfType(Event.Refused.class);
    }

    @Test
    void what_is_dropped_is_dropped_as_it_was_read() {
        Entry strikes = new Entry.OfStrikes("a.service", new Strikes("h", 1, 1, "m1"));
        write(strikes);
        Decision late = new Decision.Forgive("a.service", revision(strikes.key()), "test");
        write(strikes);
        Decision now = new Decision.Forgive("a.service", revision(strikes.key()), "test");

        assertThat(executor.execute(carry(late))).hasOnlyElementsOfType(Event.Refused.class);
        assertThat(executor.execute(carry(now))).hasOnlyElementsOfType(Event.Done.class);
        assertThat(registry.get(strikes.key())).isEmpty();
    }

    @Test
    void a_move_leaves_nothing_where_the_unit_was() {
        Decision move = decided("a.service", Kind.MOVE);
        write(new Entry.OfAcknowledgement("m1", "a.service", new Acknowledgement(1, 1, true)));

        executor.execute(carry(move));

        assertThat(registry.get(new Key.OfPlacement("m1", "a.service"))).isEmpty();
        assertThat(registry.get(new Key.OfAcknowledgement("m1", "a.service"))).isEmpty();
        assertThat(registry.get(new Key.OfPlacement("m2", "a.service"))).isPresent();
        assertThat(registry.get(new Key.OfOwner("a.service"), Entry.OfOwner.class))
                .contains(new Entry.OfOwner("a.service", "m2"));
    }

    private enum Kind {
        GLOBAL,
        UPDATE,
        WITHDRAW,
        RELEASE,
        STRIKE,
        MOVE,
        OVERLAP
    }

    private static List<Consumer<String>> and(List<Consumer<String>> some, Consumer<String> more) {
        List<Consumer<String>> all = new ArrayList<>(some);
        all.add(more);
        return all;
    }

    private void voids(
            String kind, Function<String, Decision> decide, List<Consumer<String>> changes) {
        int at = 0;
        for (Consumer<String> change : changes) {
            String unit = "%s-%d.service".formatted(kind, at++);
            Decision decision = decide.apply(unit);
            change.accept(unit);
            assertThat(executor.execute(carry(decision)))
                    .as("%s after change %d", kind, at)
                    .hasOnlyElementsOfType(Event.Refused.class);
            machine("m2");
            remove(new Key.OfEligibility("m2"));
        }
        assertThat(executor.execute(carry(decide.apply(kind + ".service"))))
                .as("%s after no change", kind)
                .hasOnlyElementsOfType(Event.Done.class);
    }

    /** A unit that m1 has, or m2 gets. */
    private Decision decided(String unit, Kind kind) {
        Wish wish = wish(unit);
        Target to = new Target("m2", 0, Set.of());
        if (kind == Kind.GLOBAL) {
            return new Decision.Place(wish, to, true, "test");
        }
        write(new Entry.OfOwner(unit, "m1"));
        tell("m1", unit);
        Hold from =
                new Hold(
                        "m1",
                        revision(new Key.OfOwner(unit)),
                        revision(new Key.OfPlacement("m1", unit)),
                        Set.of(),
                        registry.get(new Key.OfMachine("m1")).isEmpty());
        Assignment back = wish.job().assignment().withdrawn();
        return switch (kind) {
            case GLOBAL -> throw new IllegalStateException("seen above");
            case UPDATE -> new Decision.Update(wish, from, "test");
            case WITHDRAW -> new Decision.Withdraw(unit, wish.revision(), from, back, "test");
            case RELEASE -> new Decision.Release(unit, from, "test");
            case STRIKE -> new Decision.Strike(unit, from, new Strikes("h", 1, 1, "m1"), "test");
            case MOVE -> new Decision.Move(wish, from, to, "test");
            case OVERLAP -> new Decision.Overlap(wish, from, back, to, "test");
        };
    }

    private Decision place(String unit) {
        return new Decision.Place(wish(unit), new Target("m2", 0, Set.of()), false, "test");
    }

    private Wish wish(String unit) {
        Job job = new Job(unit, "h", JobState.LAUNCHED);
        write(new Entry.OfJob(job));
        return new Wish(job, revision(new Key.OfJob(unit)));
    }

    private void changeJob(String unit) {
        write(new Entry.OfJob(new Job(unit, "h", JobState.LAUNCHED)));
    }

    /** To itself: that it was written is what counts. */
    private void changeOwner(String unit) {
        write(new Entry.OfOwner(unit, "m1"));
    }

    private void tell(String machine, String unit) {
        write(new Entry.OfPlacement(machine, unit, new Assignment("h", JobState.LAUNCHED, 1), 1));
    }

    private void machine(String id) {
        write(new Entry.OfMachine(new Machine(id, "", id, Map.of(), Capacity.UNKNOWN, "")));
    }

    private void write(Entry entry) {
        registry.txn().then(registry.put(entry)).commit();
    }

    private void remove(Key key) {
        registry.txn().then(registry.delete(key)).commit();
    }

    private long revision(Key key) {
        return registry.get(key).map(Stored::revision).orElseThrow();
    }

    private List<Carry> carry(Decision... decisions) {
        List<Carry> carried = new ArrayList<>();
        for (Decision decision : decisions) {
            carried.add(new Carry(++number, decision));
        }
        return carried;
    }
}
