package flotilla.store.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import com.google.protobuf.Message;
import java.math.BigInteger;
import java.util.Base64;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A JSON value as a message, by the rules of Go's jsonpb, which etcd's gateway reads with: a field
 * goes by its protocol name or the camel-case one, fields that are not known are passed over, null
 * is the same as nothing, 64-bit numbers may be strings, bytes are padded base64 in which line
 * breaks don't count, enums are names or numbers. What is of another type is refused, never guessed
 * at. Stricter than etcd in two things: of a {@code oneof} only one may be given (etcd draws lots),
 * and lists hold no null (etcd breaks the connection off).
 */
final class MessageReader {
    /** Messages within each other; protobuf's own limit, which holds for gRPC. */
    static final int DEPTH_MAX = 100;

    private static final Pattern WHOLE_NUMBER = Pattern.compile("-?(0|[1-9][0-9]{0,19})");
    private static final Pattern SPACES = Pattern.compile("^ +| +$");
    private static final BigInteger UINT64_MAX = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);

    private MessageReader() {}

    /** The text is no such message. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        Refused(String message) {
            super(message);
        }
    }

    static Message read(JsonNode json, Message prototype) throws Refused {
        Message.Builder builder = prototype.newBuilderForType();
        merge(json, builder, 1);
        return builder.build();
    }

    private static void merge(JsonNode json, Message.Builder builder, int depth) throws Refused {
        if (json.isNull() || json.isMissingNode()) {
            return;
        }
        Descriptor type = builder.getDescriptorForType();
        if (!json.isObject()) {
            throw new Refused("want an object for %s, not %s".formatted(type.getName(), json));
        }
        if (depth > DEPTH_MAX) {
            throw new Refused("more than " + DEPTH_MAX + " messages within each other");
        }
        for (FieldDescriptor field : type.getFields()) {
            JsonNode value = value(json, field);
            if (value == null) {
                continue;
            }
            OneofDescriptor choice = field.getContainingOneof();
            if (choice != null && builder.hasOneof(choice)) {
                throw new Refused(
                        "only one of \"%s\" and \"%s\" can be given"
                                .formatted(
                                        builder.getOneofFieldDescriptor(choice).getName(),
                                        field.getName()));
            }
            if (field.isRepeated()) {
                for (JsonNode element : list(value, field)) {
                    builder.addRepeatedField(field, element(element, field, builder, depth));
                }
            } else {
                builder.setField(field, element(value, field, builder, depth));
            }
        }
    }

    /** As etcd: where both names are given the camel-case one holds. */
    private static @Nullable JsonNode value(JsonNode json, FieldDescriptor field) {
        JsonNode value = json.get(field.getJsonName());
        if (value == null) {
            value = json.get(field.getName());
        }
        return value == null || value.isNull() ? null : value;
    }

    private static JsonNode list(JsonNode value, FieldDescriptor field) throws Refused {
        if (!value.isArray()) {
            throw wrong(value, field, "a list");
        }
        return value;
    }

    private static Object element(
            JsonNode value, FieldDescriptor field, Message.Builder within, int depth)
            throws Refused {
        return switch (field.getJavaType()) {
            case MESSAGE -> {
                if (!value.isObject()) {
                    throw wrong(value, field, "an object");
                }
                Message.Builder builder = within.newBuilderForField(field);
                merge(value, builder, depth + 1);
                yield builder.build();
            }
            case ENUM -> enumValue(value, field);
            case BYTE_STRING -> bytes(value, field);
            case LONG -> number(value, field).longValue();
            case INT -> number(value, field).intValue();
            case BOOLEAN -> {
                if (!value.isBoolean()) {
                    throw wrong(value, field, "true or false");
                }
                yield value.booleanValue();
            }
            case STRING -> {
                if (!value.isString()) {
                    throw wrong(value, field, "a string");
                }
                yield value.stringValue();
            }
            case FLOAT, DOUBLE -> throw new IllegalStateException("etcd's API has no " + field);
        };
    }

    private static EnumValueDescriptor enumValue(JsonNode value, FieldDescriptor field)
            throws Refused {
        EnumDescriptor type = field.getEnumType();
        if (value.isString()) {
            EnumValueDescriptor named = type.findValueByName(value.stringValue());
            if (named == null) {
                throw new Refused(
                        "unknown value \"%s\" for enum %s"
                                .formatted(value.stringValue(), goName(type)));
            }
            return named;
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw wrong(value, field, "a name or number of " + goName(type));
        }
        return type.findValueByNumberCreatingIfUnknown(value.intValue());
    }

    /** What etcd calls the type in its messages: {@code etcdserverpb.Compare_CompareResult}. */
    private static String goName(EnumDescriptor type) {
        String file = type.getFile().getPackage();
        return file + "." + type.getFullName().substring(file.length() + 1).replace('.', '_');
    }

    private static BigInteger number(JsonNode value, FieldDescriptor field) throws Refused {
        String text = value.isString() ? unpadded(value.stringValue()) : value.toString();
        if (value.isString() && text.equals("null")) {
            return BigInteger.ZERO;
        }
        boolean numeral = value.isString() || value.isIntegralNumber();
        if (!numeral || !WHOLE_NUMBER.matcher(text).matches()) {
            throw wrong(value, field, "a whole number");
        }
        BigInteger number = new BigInteger(text);
        boolean fits =
                switch (field.getType()) {
                    case UINT64, FIXED64 ->
                            number.signum() >= 0 && number.compareTo(UINT64_MAX) <= 0;
                    case UINT32, FIXED32 -> number.signum() >= 0 && number.bitLength() <= 32;
                    case INT32, SINT32, SFIXED32 -> number.bitLength() < 32;
                    default -> number.bitLength() < 64;
                };
        if (!fits) {
            throw wrong(value, field, "a number of " + field.getType());
        }
        return number;
    }

    private static String unpadded(String text) {
        return SPACES.matcher(text).replaceAll("");
    }

    private static ByteString bytes(JsonNode value, FieldDescriptor field) throws Refused {
        if (value.isArray()) {
            return byteList(value, field);
        }
        if (!value.isString()) {
            throw wrong(value, field, "a string of base64");
        }
        String text = value.stringValue().replace("\r", "").replace("\n", "");
        try {
            if (text.length() % 4 != 0) {
                throw new IllegalArgumentException("its length is not a multiple of 4");
            }
            return ByteString.copyFrom(Base64.getDecoder().decode(text));
        } catch (IllegalArgumentException e) {
            throw new Refused(
                    "illegal base64 data in \"%s\": %s".formatted(field.getName(), e.getMessage()));
        }
    }

    /** A list of numbers is how Go would take bytes as well. */
    private static ByteString byteList(JsonNode list, FieldDescriptor field) throws Refused {
        ByteString.Output bytes = ByteString.newOutput(list.size());
        for (JsonNode one : list) {
            boolean fits = one.isIntegralNumber() && one.canConvertToInt();
            if (!fits || one.intValue() < 0 || one.intValue() > 255) {
                throw wrong(one, field, "a byte");
            }
            bytes.write(one.intValue());
        }
        return bytes.toByteString();
    }

    private static Refused wrong(JsonNode value, FieldDescriptor field, String want) {
        return new Refused(
                "want %s for \"%s\", not %s"
                        .formatted(want, field.getName(), value.getNodeType().name()));
    }
}
