package flotilla.units;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NaturalOrderTest {
    @ParameterizedTest
    @CsvSource({
        "2, 10, -1",
        "2, 2, 0",
        "02, 2, -1",
        "a2, a10, -1",
        "a, b, -1",
        "1, a, -1",
        "a1b2, a1b10, -1",
        "1, 1a, -1",
        "'', 1, -1",
        "99999999999999999999, 100000000000000000000, -1",
    })
    void names_are_ordered_as_people_count(String one, String other, int order) {
        assertThat(Integer.signum(NaturalOrder.INSTANCE.compare(one, other))).isEqualTo(order);
        assertThat(Integer.signum(NaturalOrder.INSTANCE.compare(other, one))).isEqualTo(-order);
    }
}
