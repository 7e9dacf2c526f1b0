package flotilla.platform.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JsonTest {
    private record Sample(
            String zone,
            int count,
            List<String> tags,
            Optional<String> note,
            @Nullable String nil) {}

    private static final Sample EMPTY = new Sample("z", 0, List.of(), Optional.empty(), null);

    @Test
    void a_record_is_written_in_its_own_order_without_what_is_absent() {
        assertThat(Json.write(EMPTY)).isEqualTo("{\"zone\":\"z\",\"count\":0,\"tags\":[]}");
    }

    @Test
    void sparse_leaves_out_zero_and_empty_too() {
        assertThat(Json.writeSparse(EMPTY)).isEqualTo("{\"zone\":\"z\"}");
    }

    @Test
    void reading_ignores_fields_of_newer_peers() {
        Sample sample = Json.read("{\"zone\":\"a\",\"invented\":1,\"note\":\"n\"}", Sample.class);

        assertThat(sample.zone()).isEqualTo("a");
        assertThat(sample.count()).isZero();
        assertThat(sample.note()).contains("n");
    }

    @Test
    void a_bad_text_is_a_json_exception() {
        assertThatThrownBy(() -> Json.read("{\"zone\":", Sample.class))
                .isInstanceOf(Json.JsonException.class);
        assertThatThrownBy(() -> Json.read("null", Sample.class))
                .isInstanceOf(Json.JsonException.class);
    }

    @Test
    void objects_of_any_shape_and_lists_can_be_read() {
        assertThat(Json.readObject("{\"a\":{\"b\":[1,\"x\"]}}")).hasToString("{a={b=[1, x]}}");
        assertThat(Json.readList("[{\"zone\":\"a\"}]", Sample.class)).hasSize(1);
    }
}
