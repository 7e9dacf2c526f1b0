package flotilla.fleet.image;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.fleet.job.Blob;
import flotilla.fleet.job.Capacity;
import flotilla.fleet.job.Image;
import flotilla.fleet.job.ImageName;
import flotilla.fleet.job.Machine;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class HoldersTest {
    private static Image image(int number) {
        Blob blob = new Blob("%064x".formatted(number), 1);
        return new Image(new ImageName("app:" + number), blob, List.of(blob));
    }

    private static Holders holders(Stream<String> machines, String... having) {
        Set<String> digest = Set.of(image(1).config().digest());
        return new Holders(
                machines.collect(
                        Collectors.toMap(
                                Function.identity(),
                                id -> new Machine(id, id, id, Map.of(), Capacity.UNKNOWN, "1"))),
                Stream.of(having).collect(Collectors.toMap(Function.identity(), _ -> digest)));
    }

    private static Stream<String> five() {
        return Stream.of("m1", "m2", "m3", "m4", "m5");
    }

    @Test
    void three_machines_are_enough() {
        assertThat(holders(five(), "m1", "m3", "m5").lacking(image(1))).isEmpty();
        assertThat(holders(five(), "m1", "m2", "m3", "m4").lacking(image(1))).isEmpty();
    }

    @Test
    void when_one_that_has_it_is_gone_one_more_is_to_get_it() {
        Holders holders = holders(Stream.of("m2", "m3", "m4", "m5"), "m1", "m3", "m5");

        assertThat(holders.of(image(1))).extracting(Machine::id).containsExactly("m3", "m5");
        assertThat(holders.lacking(image(1))).hasSize(1).isSubsetOf("m2", "m4");
    }

    @Test
    void of_two_machines_both_are_to_have_it() {
        assertThat(holders(Stream.of("m1", "m2"), "m2").lacking(image(1))).containsExactly("m1");
    }

    @Test
    void images_that_lie_nowhere_do_not_all_come_to_the_same_machines() {
        Holders holders = holders(five());

        assertThat(
                        IntStream.range(2, 40)
                                .mapToObj(number -> holders.lacking(image(number)))
                                .distinct())
                .hasSizeGreaterThan(2)
                .allMatch(lacking -> lacking.size() == Holders.COPIES);
    }
}
