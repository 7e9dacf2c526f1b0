package flotilla.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.client.EtcdClient;
import flotilla.client.Txn;
import flotilla.fleet.cluster.Entry;
import flotilla.fleet.job.Capacity;
import flotilla.fleet.job.Job;
import flotilla.fleet.job.JobState;
import flotilla.fleet.job.Machine;
import flotilla.fleet.job.PublishedState;
import flotilla.fleet.registry.Layout;
import flotilla.fleet.registry.Registry;
import flotilla.platform.Clock;
import flotilla.platform.http.HttpCaller;
import flotilla.platform.json.JsonObject;
import flotilla.units.UnitFile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The API's lists, in a cluster of many units and machines, on the original etcd. */
@Timeout(120)
class ListingsTest {
    private static final int UNITS = 2_000;
    private static final int MACHINES = 1_000;
    private static final int PAGE = 100;

    @TempDir private Path directory = Path.of("");
    private OneMachine one;
    private HttpCaller caller;

    @BeforeEach
    void a_large_cluster() throws IOException, InterruptedException {
        one = OneMachine.start("m000", directory, this::fill);
        caller = one.caller();
    }

    @AfterEach
    void none() throws InterruptedException {
        if (one != null) {
            one.close();
        }
    }

    /** Unit u0000 is known and said of by m001, u0001 by m002 and so on. */
    private void fill(EtcdClient store) {
        UnitFile file = UnitFile.parse("[Service]\nExecStart=/bin/sleep 9\n");
        List<Entry> entries = new ArrayList<>();
        entries.add(new Entry.OfText(file.hash(), file.text()));
        for (int i = 1; i < MACHINES; i++) {
            String id = "m%03d".formatted(i);
            entries.add(
                    new Entry.OfMachine(
                            new Machine(id, "10.0.0.1", "h" + i, Map.of(), Capacity.UNKNOWN, "1")));
            entries.add(new Entry.OfMetadata(id, "rack", Optional.of("r" + i)));
        }
        for (int i = 0; i < UNITS; i++) {
            String unit = "u%04d.service".formatted(i);
            entries.add(new Entry.OfJob(new Job(unit, file.hash(), JobState.INACTIVE)));
            String on = "m%03d".formatted(1 + i % (MACHINES - 1));
            entries.add(
                    new Entry.OfState(
                            new PublishedState(
                                    unit,
                                    on,
                                    file.hash(),
                                    "loaded",
                                    "active",
                                    "running",
                                    true,
                                    "")));
        }
        Registry registry = new Registry(store, new Layout(Layout.DEFAULT_PREFIX), Clock.system());
        for (int from = 0; from < entries.size(); from += Registry.MAX_OPERATIONS) {
            Txn txn = registry.txn();
            entries.subList(from, Math.min(entries.size(), from + Registry.MAX_OPERATIONS))
                    .forEach(entry -> txn.then(registry.put(entry)));
            txn.commit();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/fleet/v1/units,                  units,    name,      2000",
        "/fleet/v1/state,                  states,   name,      2000",
        "/flotilla/v1/state,               states,   machineID, 2000",
        "/fleet/v1/state?machineID=m007,   states,   name,      2",
        "/fleet/v1/machines,               machines, id,        1000",
        "/flotilla/v1/machines,            machines, id,        1000",
    })
    void pages_cover_everything_once_and_in_order(String path, String field, String name, int count)
            throws IOException {
        List<String> all = names(path, field, name, "");

        assertThat(all).hasSize(count).isSorted();
        if (!name.equals("machineID")) {
            assertThat(all).doesNotHaveDuplicates();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/fleet/v1/units", "/flotilla/v1/state", "/flotilla/v1/machines"})
    void a_page_reads_no_more_from_the_store_than_it_shows(String path) throws IOException {
        long whole = sentBy(() -> one.store().getPrefix(prefix(path)));
        String token = token(caller.get(path).text());

        assertThat(sentBy(() -> caller.get(path))).isLessThan(whole / 2);
        assertThat(sentBy(() -> caller.get(path + "?nextPageToken=" + token)))
                .isLessThan(whole / 2);
    }

    private static String prefix(String path) {
        Layout layout = new Layout(Layout.DEFAULT_PREFIX);
        return switch (path) {
            case "/fleet/v1/units" -> layout.jobs();
            case "/flotilla/v1/state" -> layout.states();
            default -> layout.machines();
        };
    }

    @Test
    void a_page_in_the_order_of_units_reads_the_values_of_that_page_alone() throws IOException {
        long whole = sentBy(() -> one.store().getPrefix(prefix("/flotilla/v1/state")));

        assertThat(sentBy(() -> caller.get("/fleet/v1/state"))).isLessThan(whole * 3 / 4);
    }

    @Test
    void a_client_that_makes_its_own_tokens_as_fleets_gets_that_page() throws IOException {
        // limit 100, page 2 and 21
        assertThat(names("/fleet/v1/units", "units", "name", "ZAACAA=="))
                .hasSize(UNITS - PAGE)
                .startsWith("u0100.service");
        assertThat(caller.get("/fleet/v1/units?nextPageToken=ZAAVAA==").text()).isEqualTo("{}");
    }

    @Test
    void what_goes_between_two_pages_takes_nothing_else_with_it() throws IOException {
        String token = token(caller.get("/fleet/v1/units").text());
        caller.delete("/fleet/v1/units/u0007.service");

        assertThat(names("/fleet/v1/units", "units", "name", token)).startsWith("u0100.service");
    }

    private List<String> names(String path, String field, String name, String begin)
            throws IOException {
        List<String> names = new ArrayList<>();
        String token = begin;
        do {
            String query = (path.contains("?") ? "&" : "?") + "nextPageToken=" + token;
            String page = caller.get(path + query).text();
            List<JsonObject> items = Objects.requireNonNull(JsonObject.read(page).objects(field));
            assertThat(items).isNotEmpty().hasSizeLessThanOrEqualTo(PAGE);
            items.forEach(item -> names.add(item.requiredText(name)));
            token = token(page);
        } while (!token.isEmpty());
        return names;
    }

    private static String token(String page) {
        return Objects.requireNonNullElse(JsonObject.read(page).text("nextPageToken"), "");
    }

    private interface Call {
        void make() throws IOException;
    }

    /** Bytes that etcd sends to its clients because of it. */
    private long sentBy(Call call) throws IOException {
        long before = sent();
        call.make();
        return sent() - before;
    }

    private long sent() throws IOException {
        try (HttpCaller metrics = HttpCaller.to(URI.create(one.etcd().endpoint()))) {
            return metrics.get("/metrics")
                    .text()
                    .lines()
                    .filter(line -> line.startsWith("etcd_network_client_grpc_sent_bytes_total "))
                    .mapToLong(line -> (long) Double.parseDouble(line.split(" ")[1]))
                    .sum();
        }
    }
}
