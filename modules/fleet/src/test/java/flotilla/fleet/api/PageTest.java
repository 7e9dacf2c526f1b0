package flotilla.fleet.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PageTest {
    @Test
    void a_page_comes_back_as_it_was_written() {
        MachineBody machine =
                new MachineBody("m1", "10.0.0.1", Map.of("a", "b"), null, 1L << 40, null, null);
        Page<MachineBody> page = new Page<>(List.of(machine), "ZAACAA==");

        String json = page.json("machines");

        assertThat(json)
                .isEqualTo(
                        "{\"machines\":[{\"id\":\"m1\",\"primaryIP\":\"10.0.0.1\","
                                + "\"metadata\":{\"a\":\"b\"},\"memoryBytes\":1099511627776}],"
                                + "\"nextPageToken\":\"ZAACAA==\"}");
        assertThat(Page.read(json, "machines", MachineBody::read)).isEqualTo(page);
    }

    @Test
    void what_is_empty_is_left_out() {
        Page<UnitBody> empty = new Page<>(List.of(), "");

        assertThat(empty.json("units")).isEqualTo("{}");
        assertThat(Page.read("{}", "units", UnitBody::read)).isEqualTo(empty);
    }
}
