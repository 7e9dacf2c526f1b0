package flotilla.fleet.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.job.Acknowledgement;
import flotilla.fleet.job.Assignment;
import flotilla.fleet.job.Capacity;
import flotilla.fleet.job.Defaults;
import flotilla.fleet.job.Eligibility;
import flotilla.fleet.job.Health;
import flotilla.fleet.job.Health.Verdict;
import flotilla.fleet.job.Job;
import flotilla.fleet.job.JobState;
import flotilla.fleet.job.Machine;
import flotilla.fleet.job.PublishedState;
import flotilla.fleet.job.Rollout;
import flotilla.fleet.job.Rollout.Phase;
import flotilla.fleet.job.Rollout.Policy;
import flotilla.fleet.job.Rollout.Stage;
import flotilla.fleet.job.Sighting;
import flotilla.fleet.job.Strikes;
import flotilla.fleet.job.Turn;
import flotilla.units.UnitFile;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CodecTest {
    private static final Assignment TOLD = new Assignment("h", JobState.LOADED, 3);
    private static final String TEXT = "[Service]\nExecStart=/bin/true\n";
    private static final Layout LAYOUT = new Layout(Layout.DEFAULT_PREFIX);

    static Stream<Entry> entries() {
        return Stream.of(
                new Entry.OfJob(new Job("a@1.service", "h", JobState.LAUNCHED, 2)),
                new Entry.OfJob(
                        new Job("a@1.service", "h", JobState.LAUNCHED).again(new Turn("w", 3))),
                new Entry.OfText(UnitFile.parse(TEXT).hash(), TEXT),
                new Entry.OfMachine(
                        new Machine(
                                        "m1",
                                        "10.0.0.1",
                                        "core-01",
                                        Map.of("role", "db"),
                                        new Capacity(1L << 40, 500),
                                        "1")
                                .withFence(5_000)),
                new Entry.OfMetadata("m1", "role", Optional.of("web")),
                new Entry.OfMetadata("m1", "role", Optional.empty()),
                new Entry.OfEligibility("m1", Eligibility.DRAINING),
                new Entry.OfDefaults(new Defaults(true)),
                new Entry.OfOwner("a.service", "m1"),
                new Entry.OfPlacement("m1", "a.service", TOLD, 7),
                new Entry.OfPlacement("m1", "a.service", TOLD, 7, Set.of("f", "g")),
                new Entry.OfAcknowledgement("m1", "a.service", new Acknowledgement(9, 3, true)),
                new Entry.OfJob(new Job("a@1.service", "h", JobState.LAUNCHED).rolledTo("i")),
                new Entry.OfAcknowledgement(
                        "m1",
                        "a.service",
                        new Acknowledgement(
                                9, 3, false, new Health(Verdict.UNHEALTHY, "refused", 4))),
                new Entry.OfRollout(
                        new Rollout(
                                "a@.service",
                                "h",
                                Optional.of("g"),
                                Set.of("g", "f"),
                                new Policy(2, 3_000, 60_000, false),
                                new Stage(Phase.UNDOING, "it failed", 1_800_000_000_000L),
                                "me")),
                new Entry.OfRollout(
                        new Rollout(
                                "a.service",
                                "h",
                                Optional.empty(),
                                Set.of(),
                                Policy.DEFAULT,
                                new Stage(Phase.RUNNING, "", 7),
                                "")),
                new Entry.OfStrikes("a.service", new Strikes("h", 2, 1_800_000_000_000L, "m1")),
                new Entry.OfSighting("m1", new Sighting(5_000, 1_800_000_000_000L)),
                new Entry.OfLeaving("m1", false),
                new Entry.OfLeaving("m1", true),
                new Entry.OfState(
                        new PublishedState(
                                "a.service", "m1", "h", "loaded", "active", "running", true, "")),
                new Entry.OfState(
                        new PublishedState(
                                "a.service",
                                "m1",
                                "h",
                                "loaded",
                                "active",
                                "running",
                                true,
                                "",
                                new Health(Verdict.HEALTHY, "", 1))),
                new Entry.OfState(PublishedState.unloadable("a.service", "m1", "h", "no space")));
    }

    @ParameterizedTest
    @MethodSource("entries")
    void what_is_written_is_read_back(Entry entry) throws BadValueException {
        Key key = LAYOUT.key(LAYOUT.path(entry.key())).orElseThrow();

        assertThat(key).isEqualTo(entry.key());
        assertThat(Codec.decode(key, Codec.encode(entry))).isEqualTo(entry);
    }

    static Stream<Entry> checked() {
        return entries()
                .filter(entry ->
                        !(entry instanceof Entry.OfOwner)
                                && !(entry instanceof Entry.OfEligibility));
    }

    @ParameterizedTest
    @MethodSource("checked")
    void a_bad_value_is_refused_and_says_of_which_key(Entry entry) {
        assertThatThrownBy(() -> Codec.decode(entry.key(), ByteString.copyFromUtf8("{\"hash\":7")))
                .isInstanceOf(BadValueException.class)
                .hasMessageContaining(entry.key().toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"eligibility\":\"resting\"}",
                "{\"eligibility\":\"ready\"}",
                "{}",
                "",
                "no json",
                "7"
            })
    void what_a_later_version_says_of_a_machine_moves_no_unit_and_brings_none(String value)
            throws BadValueException {
        assertThat(Codec.decode(new Key.OfEligibility("m1"), ByteString.copyFromUtf8(value)))
                .isEqualTo(new Entry.OfEligibility("m1", Eligibility.CORDONED));
    }

    @Test
    void what_later_versions_add_is_ignored() throws BadValueException {
        ByteString value =
                ByteString.copyFromUtf8(
                        "{\"hash\":\"h\",\"desired\":\"loaded\",\"generation\":1,\"priority\":9}");

        assertThat(Codec.decode(new Key.OfJob("a.service"), value))
                .isEqualTo(new Entry.OfJob(new Job("a.service", "h", JobState.LOADED)));
    }

    @Test
    void a_word_of_a_later_version_for_a_units_health_counts_as_none() throws BadValueException {
        ByteString value =
                ByteString.copyFromUtf8(
                        "{\"placement\":9,\"generation\":3,\"health\":\"splendid\"}");

        assertThat(Codec.decode(new Key.OfAcknowledgement("m1", "a.service"), value))
                .isEqualTo(
                        new Entry.OfAcknowledgement(
                                "m1", "a.service", new Acknowledgement(9, 3, false)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"phase\":\"promoted\"",
                "\"phase\":\"running\",\"hash\":null",
                "\"policy\":null"
            })
    void a_rollout_that_a_later_version_means_otherwise_is_refused(String field) {
        String whole =
                """
                {"hash":"h","phase":"done","policy":{"parallelism":1,"deadlineMillis":9},%s}
                """
                        .formatted(field);
        ByteString value = ByteString.copyFromUtf8(whole);

        assertThatThrownBy(() -> Codec.decode(new Key.OfRollout("a@.service"), value))
                .isInstanceOf(BadValueException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"later/x", "later/x/y", "later", "job/a/b", "", "placement/m1/a/b"})
    void a_kind_of_key_that_a_later_version_adds_is_told_as_such(String path) {
        Key key = LAYOUT.key(LAYOUT.cluster() + path).orElseThrow();

        assertThat(key).isEqualTo(new Key.Unknown(path));
        assertThat(LAYOUT.path(key)).isEqualTo(LAYOUT.cluster() + path);
    }

    @Test
    void what_is_not_below_the_cluster_is_nobodys() {
        assertThat(LAYOUT.key("/flotilla/fleet/cluster")).isEmpty();
        assertThat(LAYOUT.key("/flotilla/fleet/later/x")).isEmpty();
        assertThat(LAYOUT.key("/elsewhere/cluster/job/x")).isEmpty();
    }
}
