package flotilla.cloudconfig.plan;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.cloudconfig.document.CloudConfig;
import flotilla.cloudconfig.document.CloudConfig.Mode;
import flotilla.cloudconfig.document.CloudConfig.Reading;
import flotilla.cloudconfig.document.Metadata;
import flotilla.cloudconfig.document.Problem;
import flotilla.cloudconfig.document.Variables;
import flotilla.cloudconfig.plan.Action.RunJob;
import flotilla.cloudconfig.plan.Action.WriteUnit;
import flotilla.machine.Init.JobVerb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The article's user-data: as printed, and in the form that its author meant. */
class ArticleTest {
    private static final String MACHINE_ID = "12c469d0f6f04c3a9d1c5c3b0a1e2f30";
    private static final Metadata METADATA = Metadata.of(MACHINE_ID, "core-01", "10.0.0.5");

    @Test
    void as_printed_it_is_accepted_with_one_warning_for_each_mistake() throws IOException {
        Reading reading = CloudConfig.read(example("user-data.yml"), Mode.LENIENT);

        assertThat(reading.problems())
                .map(Problem::toString)
                .containsExactly(
                        "1:1: warning: the header is \"# cloud-config\", which the original refuses: write \"#cloud-config\"",
                        "12:1: warning: \"units:\" stands at the top level, where the original ignores it: put it below \"coreos:\", indented");
        assertThat(reading.document()).isPresent();
    }

    @Test
    void the_right_form_means_the_same_and_gives_no_warning() throws IOException {
        Reading printed = CloudConfig.read(example("user-data.yml"), Mode.LENIENT);
        Reading right = CloudConfig.read(example("user-data-plain.yml"), Mode.LENIENT);

        assertThat(right.problems()).isEmpty();
        assertThat(right.document()).isEqualTo(printed.document());
    }

    @Test
    void as_printed_strict_mode_refuses_it_in_the_originals_words() throws IOException {
        Reading reading = CloudConfig.read(example("user-data.yml"), Mode.STRICT);

        assertThat(reading.problems())
                .map(Problem::original)
                .containsExactly("line 1: error: must be \"#cloud-config\" or begin with \"#!\"");
        assertThat(reading.document()).isEmpty();
    }

    @Test
    void with_the_header_mended_strict_mode_ignores_the_units_in_the_originals_words()
            throws IOException {
        String text = example("user-data.yml").replace("# cloud-config", "#cloud-config");

        Reading reading = CloudConfig.read(text, Mode.STRICT);

        assertThat(reading.problems())
                .map(Problem::original)
                .containsExactly("line 12: warning: unrecognized key \"units\"");
        assertThat(reading.document().orElseThrow().units()).isEmpty();
    }

    /** The originals' bytes: reference of the coreos-cloudinit of November 2014. */
    @Test
    void its_drop_ins_are_those_of_the_original_byte_for_byte() throws IOException {
        List<WriteUnit> units =
                planned().stream()
                        .filter(WriteUnit.class::isInstance)
                        .map(WriteUnit.class::cast)
                        .toList();

        assertThat(units)
                .map(WriteUnit::name)
                .containsExactly(
                        "etcd.service.d/20-cloudinit.conf", "fleet.service.d/20-cloudinit.conf");
        assertThat(units.getFirst().content())
                .isEqualTo(
                        """
                        [Service]
                        Environment="ETCD_ADDR=10.0.0.5:4001"
                        Environment="ETCD_DISCOVERY=https://discovery.etcd.io/c39365ee7d788fb27596150a451c2434"
                        Environment="ETCD_NAME=12c469d0f6f04c3a9d1c5c3b0a1e2f30"
                        Environment="ETCD_PEER_ADDR=10.0.0.5:7001"
                        """);
        assertThat(units.getLast().content())
                .isEqualTo(
                        """
                        [Service]
                        Environment="FLEET_PUBLIC_IP=10.0.0.5"
                        """);
    }

    @Test
    void keys_are_sorted_as_they_are_written() {
        assertThat(
                        OptionDropIns.fleet(Map.of("peers", "a", "peer_addr", "b"))
                                .orElseThrow()
                                .content())
                .isEqualTo(
                        """
                        [Service]
                        Environment="FLEET_PEERS=a"
                        Environment="FLEET_PEER_ADDR=b"
                        """);
    }

    @Test
    void etcd_is_started_before_fleet_once_all_files_are_written_and_read_again()
            throws IOException {
        List<Action> actions = planned();

        assertThat(actions.subList(actions.size() - 3, actions.size()))
                .containsExactly(
                        new Action.Reload(),
                        new RunJob(JobVerb.START, "etcd.service"),
                        new RunJob(JobVerb.START, "fleet.service"));
    }

    private static List<Action> planned() throws IOException {
        String text = Variables.of(METADATA).substitute(example("user-data.yml"));
        CloudConfig config = CloudConfig.read(text, Mode.LENIENT).document().orElseThrow();
        return Plan.of(config, METADATA).actions();
    }

    private static String example(String name) throws IOException {
        return Files.readString(Path.of("..", "..", "examples", name));
    }
}
