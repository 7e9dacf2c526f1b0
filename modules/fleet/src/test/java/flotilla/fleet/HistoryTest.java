package flotilla.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import flotilla.client.ClientConfig;
import flotilla.client.EtcdClient;
import flotilla.client.Txn;
import flotilla.fleet.job.Deed;
import flotilla.fleet.job.Deed.What;
import flotilla.fleet.registry.History;
import flotilla.fleet.registry.History.Wanted;
import flotilla.fleet.registry.HistoryPage;
import flotilla.fleet.registry.HistoryPlace;
import flotilla.fleet.registry.Layout;
import flotilla.fleet.registry.Registry;
import flotilla.platform.Clock;
import flotilla.proof.OriginalEtcd;
import flotilla.protocol.KeyValue;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How lines of history are written and go, on the original etcd. */
@Timeout(60)
class HistoryTest {
    private static final String DONE = "done";

    @TempDir private Path directory = Path.of("");
    private OriginalEtcd etcd;
    private EtcdClient store;
    private History history;

    @BeforeEach
    void a_store() throws IOException {
        etcd = OriginalEtcd.start(directory);
        store = EtcdClient.connect(ClientConfig.of(List.of(etcd.endpoint())));
        history = new Registry(store, new Layout(Layout.DEFAULT_PREFIX), Clock.system()).history();
    }

    @AfterEach
    void none() throws InterruptedException {
        store.close();
        etcd.close();
    }

    @Test
    void what_does_not_happen_leaves_no_line() {
        Supplier<Txn> never = () -> something().when(Txn.exists("nothing"));

        assertThat(history.commit(never, List.of(line(1))).getSucceeded()).isFalse();

        assertThat(history.ofUnit("a.service")).isEmpty();
        assertThat(store.get(DONE)).isEmpty();
    }

    @Test
    void of_a_unit_that_much_is_done_to_the_newest_lines_are_kept() {
        IntStream.rangeClosed(1, 1_000)
                .forEach(i -> history.commit(this::something, List.of(line(i))));

        List<Deed> kept = history.ofUnit("a.service");
        assertThat(kept).hasSizeBetween(History.LINES_MAX, History.LINES_MAX + 40);
        assertThat(kept.getLast()).isEqualTo(line(1_000));
        assertThat(kept.getFirst()).isEqualTo(line(1_001 - kept.size()));
    }

    @Test
    void others_lines_stay_when_one_has_many() {
        Deed other = Deed.done(What.PLACED, "a.service.d", "m", "").at(1);
        history.commit(this::something, List.of(other));

        IntStream.rangeClosed(1, 300)
                .forEach(i -> history.commit(this::something, List.of(line(i))));

        assertThat(history.ofUnit("a.service.d")).containsExactly(other);
    }

    @Test
    void lines_go_with_a_lease_that_many_share() {
        List<Deed> many = IntStream.range(1, 30).mapToObj(HistoryTest::line).toList();
        history.commit(this::something, many);
        history.commit(this::something, List.of(line(30)));

        Set<Long> leases =
                store.getPrefix(Layout.DEFAULT_PREFIX + "history/").kvs().stream()
                        .map(KeyValue::getLease)
                        .collect(Collectors.toSet());

        assertThat(leases).hasSize(1).doesNotContain(0L);
        long seconds = store.leaseTimeToLive(leases.iterator().next()).getGrantedTTL();
        assertThat(Duration.ofSeconds(seconds)).isBetween(Duration.ofDays(7), Duration.ofDays(8));
    }

    @Test
    void a_lease_that_somebody_ended_keeps_nothing_from_being_done() {
        history.commit(this::something, List.of(line(1)));
        store.revokeLease(
                store.getPrefix(Layout.DEFAULT_PREFIX + "history/").kvs().getFirst().getLease());

        assertThat(history.commit(this::something, List.of(line(2))).getSucceeded()).isTrue();

        assertThat(history.ofUnit("a.service")).containsExactly(line(2));
    }

    @Test
    void what_the_store_refuses_of_history_keeps_nothing_from_being_done() {
        // More than etcd takes in one transaction.
        List<Deed> tooMany = IntStream.range(0, 200).mapToObj(HistoryTest::line).toList();

        assertThat(history.commit(this::something, tooMany).getSucceeded()).isTrue();

        assertThat(store.get(DONE)).isPresent();
        assertThat(history.ofUnit("a.service")).isEmpty();
    }

    @Test
    void the_newest_of_all_are_found_whatever_they_are_of() {
        IntStream.rangeClosed(1, 1_200)
                .forEach(i -> history.commit(this::something, List.of(line("u" + i % 50, i))));
        Deed machine = Deed.seen(What.GONE, "m7", "it is gone").at(7);
        history.commit(this::something, List.of(machine));

        HistoryPage last = history.newest(3, HistoryPlace.END, Wanted.ALL);
        assertThat(last.lines()).containsExactly(line("u49", 1_199), line("u0", 1_200), machine);
        assertThat(
                        history.newest(
                                        3,
                                        HistoryPlace.END,
                                        wanted(deed -> deed.machineId().equals("m7")))
                                .lines())
                .containsExactly(machine);
        assertThat(
                        history.newest(
                                        2,
                                        HistoryPlace.END,
                                        new Wanted(
                                                key -> key.name().equals("u1"), Optional.empty()))
                                .lines())
                .containsExactly(line("u1", 1_101), line("u1", 1_151));
    }

    @Test
    void all_are_read_page_by_page_also_those_of_one_transaction() {
        List<Deed> all = new ArrayList<>();
        for (int i = 1; i <= 5; i++) {
            List<Deed> together = List.of(line("a" + i, i), line("b" + i, i), line("c" + i, i));
            history.commit(this::something, together);
            all.addAll(together);
        }

        for (Wanted wanted : List.of(Wanted.ALL, wanted(_ -> true))) {
            List<Deed> read = new ArrayList<>();
            Optional<HistoryPlace> before = Optional.of(HistoryPlace.END);
            for (int page = 0; before.isPresent(); page++) {
                assertThat(page).isLessThan(4);
                HistoryPage some = history.newest(4, before.get(), wanted);
                read.addAll(0, some.lines());
                before = some.older().flatMap(place -> HistoryPlace.of(place.toString()));
            }
            assertThat(read).containsExactlyElementsOf(all);
        }
    }

    private static Wanted wanted(Predicate<Deed> told) {
        return new Wanted(_ -> true, Optional.of(told));
    }

    private Txn something() {
        return store.txn().then(Txn.put(DONE, ByteString.EMPTY));
    }

    private static Deed line(int at) {
        return line("a.service", at);
    }

    private static Deed line(String unit, int at) {
        return Deed.done(What.UPDATED, unit, "m1", "it is wanted").at(at);
    }
}
