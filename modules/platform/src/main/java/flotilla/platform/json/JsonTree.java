package flotilla.platform.json;

import flotilla.platform.json.Json.JsonException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * JSON as Map, List, String, Number, Boolean and null, by the library's parser alone, without its
 * binding to classes. The parser limits how deep a text may nest.
 */
final class JsonTree {
    private static final JsonFactory FACTORY = new JsonFactory();

    private JsonTree() {}

    /**
     * @throws JsonException for what is no JSON, or for more than one value
     */
    static @Nullable Object read(String text) {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                throw new JsonException("the JSON is empty", null);
            }
            Object value = value(parser, first);
            if (parser.nextToken() != null) {
                throw new JsonException("something follows the JSON's end", null);
            }
            return value;
        } catch (JacksonException e) {
            throw new JsonException(e.getOriginalMessage(), e);
        }
    }

    private static @Nullable Object value(JsonParser parser, JsonToken token) {
        return switch (token) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> list(parser);
            case VALUE_STRING -> parser.getString();
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getNumberValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            default -> throw new JsonException("no value begins with " + token, null);
        };
    }

    private static Map<String, @Nullable Object> object(JsonParser parser) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            fields.put(name, value(parser, parser.nextToken()));
        }
        return fields;
    }

    private static List<@Nullable Object> list(JsonParser parser) {
        List<@Nullable Object> elements = new ArrayList<>();
        for (JsonToken token = parser.nextToken();
                token != JsonToken.END_ARRAY;
                token = parser.nextToken()) {
            elements.add(value(parser, token));
        }
        return elements;
    }

    /** On one line. */
    static String write(@Nullable Object tree) {
        StringWriter text = new StringWriter();
        try (JsonGenerator generator = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
            write(tree, generator);
        }
        return text.toString();
    }

    @SuppressWarnings("IfChainToSwitch") // For which the JVM makes a class, at each start anew.
    private static void write(@Nullable Object tree, JsonGenerator generator) {
        if (tree == null) {
            generator.writeNull();
        } else if (tree instanceof String text) {
            generator.writeString(text);
        } else if (tree instanceof Boolean flag) {
            generator.writeBoolean(flag);
        } else if (tree instanceof Number number) {
            generator.writeNumber(number.toString());
        } else if (tree instanceof Map<?, ?> fields) {
            generator.writeStartObject();
            fields.forEach((name, value) -> {
                generator.writeName(name.toString());
                write(value, generator);
            });
            generator.writeEndObject();
        } else if (tree instanceof List<?> elements) {
            generator.writeStartArray();
            elements.forEach(element -> write(element, generator));
            generator.writeEndArray();
        } else {
            throw new IllegalArgumentException("no JSON: " + tree.getClass());
        }
    }
}
