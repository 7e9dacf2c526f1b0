package flotilla.platform.json;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Records as JSON and back. Fields keep the record's order and names ({@code @JsonProperty} says
 * another); nulls and empty Optionals are left out. Reading ignores fields the record hasn't, as
 * newer peers may send them; a field the text hasn't becomes null, 0 or false.
 */
public final class Json {
    private static final JsonMapper MAPPER = mapper(JsonInclude.Include.NON_ABSENT);
    private static final JsonMapper SPARSE = mapper(JsonInclude.Include.NON_DEFAULT);

    private Json() {}

    private static JsonMapper mapper(JsonInclude.Include include) {
        return JsonMapper.builder()
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
                .changeDefaultPropertyInclusion(
                        was -> was.withValueInclusion(include).withContentInclusion(include))
                .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
                .build();
    }

    /** On one line, without a newline. Maps keep null values out too. */
    public static String write(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    /** As {@link #write}, and leaves out what is empty, 0 or false as well (Go's "omitempty"). */
    public static String writeSparse(Object value) {
        return SPARSE.writeValueAsString(value);
    }

    /** For people: indented. */
    public static String writePretty(Object value) {
        return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(value);
    }

    /**
     * @throws JsonException when the text is no JSON or doesn't fit the type
     */
    public static <T> T read(String text, Class<T> type) {
        try {
            return present(MAPPER.readValue(text, type));
        } catch (JacksonException e) {
            throw new JsonException(e.getOriginalMessage(), e);
        }
    }

    /**
     * A list of records.
     *
     * @throws JsonException as {@link #read}
     */
    public static <T> List<T> readList(String text, Class<T> element) {
        try {
            var type = MAPPER.getTypeFactory().constructCollectionType(List.class, element);
            List<T> list = MAPPER.readValue(text, type);
            return present(list);
        } catch (JacksonException e) {
            throw new JsonException(e.getOriginalMessage(), e);
        }
    }

    /**
     * An object of any shape: values are Map, List, String, Number, Boolean or null.
     *
     * @throws JsonException as {@link #read}
     */
    public static Map<String, @Nullable Object> readObject(String text) {
        try {
            Map<String, @Nullable Object> map = MAPPER.readValue(text, new TypeReference<>() {});
            return present(map);
        } catch (JacksonException e) {
            throw new JsonException(e.getOriginalMessage(), e);
        }
    }

    private static <T> T present(@Nullable T value) {
        if (value == null) {
            throw new JsonException("the JSON is null or empty", null);
        }
        return value;
    }

    /** A text that is no JSON, or not of the shape expected; the message says where. */
    public static final class JsonException extends RuntimeException {
        private static final long serialVersionUID = 1;

        JsonException(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
