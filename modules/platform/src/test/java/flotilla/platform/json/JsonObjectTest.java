package flotilla.platform.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flotilla.platform.json.Json.JsonException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonObjectTest {
    @Test
    void fields_are_read_by_name_and_absent_ones_are_null_0_or_false() {
        JsonObject object =
                JsonObject.read(
                        """
                        {"text":"caf\\u00e9","number":9007199254740993,"fraction":1.5,"flag":true,
                         "object":{"a":"1"},"objects":[{"n":1},{"n":2}],"nil":null,"unknown":[[]]}
                        """);

        assertThat(object.text("text")).isEqualTo("caf\u00e9");
        assertThat(object.number("number")).isEqualTo(9007199254740993L);
        assertThat(object.fraction("fraction")).isEqualTo(1.5);
        assertThat(object.flag("flag")).isTrue();
        assertThat(object.texts("object")).containsEntry("a", "1");
        assertThat(object.objects("objects"))
                .extracting(o -> o.number("n"))
                .containsExactly(1L, 2L);
        for (String absent : new String[] {"nil", "nowhere"}) {
            assertThat(object.text(absent)).isNull();
            assertThat(object.number(absent)).isZero();
            assertThat(object.fraction(absent)).isZero();
            assertThat(object.flag(absent)).isFalse();
            assertThat(object.object(absent)).isNull();
            assertThat(object.objects(absent)).isNull();
            assertThat(object.texts(absent)).isNull();
        }
    }

    @Test
    void it_is_written_as_it_was_read() {
        String json = "{\"b\":1,\"a\":[true,null,1.5,\"x\\ny\"],\"o\":{\"\\\"\":{}},\"e\":[]}";

        assertThat(JsonObject.read(json).json()).isEqualTo(json);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text    | {\"f\":{}}    | f is an object, not a text",
                "text    | {\"f\":[]}    | f is a list, not a text",
                "number  | {\"f\":\"x\"}   | f is \"x\", not a number",
                "flag    | {\"f\":1}     | f is 1, not true or false",
                "object  | {\"f\":[]}    | f is a list, not an object",
                "objects | {\"f\":{}}    | f is an object, not a list",
                "objects | {\"f\":[1]}   | f is 1, not an object",
                "objects | {\"f\":[null]}| f is null, not an object",
                "texts   | {\"f\":{\"a\":null}} | there is no \"a\"",
                "needed  | {}          | there is no \"f\"",
            })
    void what_is_of_another_kind_is_named(String kind, String json, String words) {
        JsonObject object = JsonObject.read(json);

        assertThatThrownBy(
                        () -> {
                            switch (kind) {
                                case "text" -> object.text("f");
                                case "number" -> object.number("f");
                                case "flag" -> object.flag("f");
                                case "object" -> object.object("f");
                                case "objects" -> object.objects("f");
                                case "texts" -> object.texts("f");
                                default -> object.requiredText("f");
                            }
                        })
                .isInstanceOf(JsonException.class)
                .hasMessage(words);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "null", "[]", "1", "{", "{\"a\":", "{\"a\":1,}", "{a:1}", "{} {}"})
    void what_is_no_json_object_is_refused(String text) {
        assertThatThrownBy(() -> JsonObject.read(text)).isInstanceOf(JsonException.class);
    }

    @Test
    void a_text_that_nests_without_end_is_refused_by_the_parser() {
        String deep = "{\"a\":" + "[".repeat(100_000);

        assertThatThrownBy(() -> JsonObject.read(deep)).isInstanceOf(JsonException.class);
    }
}
