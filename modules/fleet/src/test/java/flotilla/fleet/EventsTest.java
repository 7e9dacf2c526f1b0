package flotilla.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import flotilla.client.EtcdClient;
import flotilla.client.Txn;
import flotilla.fleet.api.EventFilter;
import flotilla.fleet.api.FleetClient;
import flotilla.fleet.api.News;
import flotilla.fleet.registry.Layout;
import flotilla.platform.http.HttpCaller;
import flotilla.platform.http.ReplyStream;
import flotilla.protocol.RequestOp;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a reader of {@code /flotilla/v1/events} hears, on the original etcd. */
@Timeout(60)
class EventsTest {
    /** Keys of a machine that is none of ours: nobody else writes them. */
    private static final String STATE = Layout.DEFAULT_PREFIX + "state/m9/";

    private static final String ELIGIBILITY = Layout.DEFAULT_PREFIX + "cluster/eligibility/m9";
    private static final String VALUE =
            "{\"hash\":\"h\",\"load\":\"loaded\",\"active\":\"active\",\"sub\":\"running\"}";

    private static final Duration LONG = Duration.ofMinutes(1);

    @TempDir private Path directory = Path.of("");
    private OneMachine one;
    private EtcdClient store;
    private HttpCaller caller;

    @BeforeEach
    void one_machine() throws IOException, InterruptedException {
        one = OneMachine.start("m1", directory, _ -> {});
        caller = one.caller();
        store = one.store();
    }

    @AfterEach
    void none() throws InterruptedException {
        if (one != null) {
            one.close();
        }
    }

    @Test
    void a_reader_hears_first_that_everything_is_to_be_read_and_then_what_changes()
            throws IOException {
        try (ReplyStream events = open("?kind=state", "")) {
            assertThat(events.headers().get("content-type")).isEqualTo("text/event-stream");
            assertThat(next(events)).contains("event: reset");
            long revision = store.put(STATE + "x.service", VALUE);

            assertThat(next(events))
                    .containsExactly(
                            "id: " + revision,
                            "event: state",
                            "data: {\"kind\":\"state\",\"name\":\"x.service\",\"machineID\":\"m9\","
                                    + "\"removed\":false,\"value\":{\"name\":\"x.service\","
                                    + "\"hash\":\"h\",\"machineID\":\"m9\","
                                    + "\"systemdLoadState\":\"loaded\","
                                    + "\"systemdActiveState\":\"active\","
                                    + "\"systemdSubState\":\"running\"},\"revision\":"
                                    + revision
                                    + "}");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "?unit=b.service,                   b.service",
        "'?unit=b.service,c.service',       b.service c.service",
        "?unit=b.service&unit=c.service,    b.service c.service",
        "?kind=eligibility,                    m9",
        "'?kind=state,eligibility',            a.service b.service m9 c.service",
        "?kind=state&unit=c.service,        c.service",
        "'?machine=m9&kind=state,eligibility', a.service b.service m9 c.service",
        "?machine=m9&unit=b.service,        b.service",
        "?machine=m8,                       ''",
    })
    void a_reader_hears_only_what_it_asks_for(String query, String names) throws IOException {
        try (ReplyStream events = open(query, "")) {
            next(events);
            store.put(STATE + "a.service", VALUE);
            store.put(STATE + "b.service", VALUE);
            store.put(ELIGIBILITY, "{\"eligibility\":\"cordoned\"}");
            store.put(STATE + "c.service", VALUE);
            List<String> heard = new ArrayList<>();
            for (int i = 0; i < (names.isEmpty() ? 0 : names.split(" ").length); i++) {
                heard.add(field(next(events), "name"));
            }

            assertThat(String.join(" ", heard)).isEqualTo(names);
        }
    }

    @Test
    void a_reader_that_comes_back_hears_all_that_it_has_missed() throws IOException {
        long seen = store.put(STATE + "a.service", VALUE);
        store.put(STATE + "b.service", VALUE);
        store.delete(STATE + "b.service");

        try (ReplyStream events = open("?kind=state", String.valueOf(seen))) {
            assertThat(next(events)).anyMatch(line -> line.contains("\"removed\":false"));
            assertThat(next(events)).anyMatch(line -> line.contains("\"removed\":true"));
        }
    }

    @Test
    void what_one_revision_changed_is_only_over_with_its_last_event() throws IOException {
        try (ReplyStream events = open("?machine=m9", "")) {
            next(events);
            store.txn()
                    .then(
                            put(STATE + "a.service"),
                            put(STATE + "b.service"),
                            put(Layout.DEFAULT_PREFIX + "state/m8/c.service"))
                    .commit();

            List<String> first = next(events);
            List<String> last = next(events);
            assertThat(first).noneMatch(line -> line.startsWith("id:"));
            assertThat(last.getFirst()).isEqualTo("id: " + field(last, "revision"));
        }
    }

    @Test
    void a_reader_that_the_store_has_forgotten_is_told_to_read_everything() throws IOException {
        long seen = store.put(STATE + "a.service", VALUE);
        long later = store.put(STATE + "b.service", VALUE);
        store.compact(later);

        try (ReplyStream events = open("?kind=state", String.valueOf(seen - 1))) {
            assertThat(next(events)).contains("event: reset");
            store.put(STATE + "c.service", VALUE);
            assertThat(field(next(events), "name")).isEqualTo("c.service");
        }
    }

    @Test
    void a_reader_of_another_store_is_told_to_read_everything() throws IOException {
        try (ReplyStream events = open("", "9999999")) {
            assertThat(next(events)).contains("event: reset");
        }
    }

    @Test
    void a_reader_that_hears_nothing_learns_how_far_it_has_come() throws IOException {
        try (ReplyStream events = open("?unit=quiet.service", "")) {
            next(events);
            long revision = store.put(STATE + "a.service", VALUE);

            List<String> quiet = next(events);

            assertThat(quiet.getFirst()).isEqualTo(":");
            assertThat(Long.parseLong(quiet.getLast().substring("id: ".length())))
                    .isGreaterThanOrEqualTo(revision);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"?kind=bogus", "?kind=state,bogus"})
    void an_unknown_kind_is_refused(String query) throws IOException {
        assertThat(caller.get("/flotilla/v1/events" + query).status()).isEqualTo(400);
    }

    @Test
    void what_is_no_id_is_refused() throws IOException {
        try (ReplyStream events = open("", "x")) {
            assertThat(events.status()).isEqualTo(400);
        }
    }

    @Test
    void a_client_hears_what_changes() throws InterruptedException {
        EventFilter about = new EventFilter(Set.of("state"), Set.of("a.service"), Set.of());
        try (FleetClient client = one.machine().client();
                News news = client.news(about)) {
            assertThat(news.await(LONG)).singleElement().matches(News.Item::isReset);

            store.put(STATE + "b.service", VALUE);
            store.put(STATE + "a.service", VALUE);

            assertThat(news.await(LONG))
                    .singleElement()
                    .satisfies(item -> {
                        assertThat(item.kind()).isEqualTo("state");
                        assertThat(item.name()).isEqualTo("a.service");
                        assertThat(item.event().text("machineID")).isEqualTo("m9");
                    });
            assertThat(news.await(Duration.ZERO)).isEmpty();
        }
    }

    private static RequestOp put(String key) {
        return Txn.put(key, ByteString.copyFromUtf8(VALUE));
    }

    private ReplyStream open(String query, String lastId) throws IOException {
        Map<String, String> headers = lastId.isEmpty() ? Map.of() : Map.of("Last-Event-ID", lastId);
        return caller.open("GET", "/flotilla/v1/events" + query, headers, new byte[0]);
    }

    /** The lines of the next event. */
    private static List<String> next(ReplyStream events) throws IOException {
        List<String> lines = new ArrayList<>();
        for (Optional<String> line = events.readLine();
                line.isPresent() && !line.get().isEmpty();
                line = events.readLine()) {
            lines.add(line.get());
        }
        return lines;
    }

    private static String field(List<String> event, String name) {
        return event.getLast().replaceAll(".*\"" + name + "\":\"?([^\",}]+).*", "$1");
    }
}
