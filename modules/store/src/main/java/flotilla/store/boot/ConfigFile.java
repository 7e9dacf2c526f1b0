package flotilla.store.boot;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * etcd's {@code --config-file}: YAML whose keys are the flags' names, but for the certificates,
 * which stand in two sections. What etcd passes over without a word, a key it doesn't know, is
 * refused here with its line.
 */
final class ConfigFile {
    /** Larger than any there is; bytes. */
    private static final int BYTES_MAX = 1 << 20;

    /** A key that can't be one of the file's own. */
    private static final String ITSELF = "config-file";

    /** Sections with their keys, and what goes before these to make a flag's name. */
    private static final Map<String, String> SECTIONS =
            Map.of("client-transport-security", "", "peer-transport-security", "peer-");

    private static final Set<String> SECTION_KEYS =
            Set.of("cert-file", "key-file", "client-cert-auth", "trusted-ca-file", "auto-tls");

    /** Of whose values etcd's file takes a whole number, for nanoseconds. */
    private static final Set<String> TIMES =
            Set.of(
                    "grpc-keepalive-min-time",
                    "grpc-keepalive-interval",
                    "grpc-keepalive-timeout",
                    "experimental-watch-progress-notify-interval",
                    "watch-progress-notify-interval");

    /** YAML 1.1's words for what Go has others for. */
    private static final Map<String, String> SWITCH_WORDS =
            Map.of("yes", "true", "on", "true", "no", "false", "off", "false");

    private static final long NANOS = 1_000_000_000;

    private final String name;
    private final Map<String, String> flags = new LinkedHashMap<>();

    private ConfigFile(String name) {
        this.name = name;
    }

    /**
     * The flags that the file gives.
     *
     * @throws IllegalArgumentException naming the file and the line of what is wrong
     */
    static Map<String, String> read(Path file) {
        try {
            if (Files.size(file) > BYTES_MAX) {
                throw new IllegalArgumentException(
                        "--config-file=%s: more than %d bytes".formatted(file, BYTES_MAX));
            }
            return parse(file.toString(), Files.readString(file));
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException(
                    "--config-file=" + file + ": no such file or directory", e);
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("--config-file=" + file + " is not UTF-8", e);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "--config-file=%s can't be read: %s".formatted(file, e), e);
        }
    }

    static Map<String, String> parse(String name, String text) {
        ConfigFile file = new ConfigFile(name);
        try {
            Optional<Node> top =
                    new Compose(LoadSettings.builder().setAllowDuplicateKeys(false).build())
                            .composeString(text);
            top.ifPresent(file::takeTop);
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(0);
            throw file.wrong(line, e.getProblem());
        } catch (YamlEngineException e) {
            throw file.wrong(0, String.valueOf(e.getMessage()));
        }
        return file.flags;
    }

    private void takeTop(Node node) {
        if (isNothing(node)) {
            return;
        }
        for (NodeTuple entry : mapping(node, "the file").getValue()) {
            String key = key(entry);
            String prefix = SECTIONS.get(key);
            if (prefix == null) {
                take(key, key, entry);
            } else if (!isNothing(entry.getValueNode())) {
                takeSection(prefix, mapping(entry.getValueNode(), key));
            }
        }
    }

    private void takeSection(String prefix, MappingNode section) {
        for (NodeTuple entry : section.getValue()) {
            String key = key(entry);
            if (!SECTION_KEYS.contains(key)) {
                throw unknown(key, entry);
            }
            take(key, prefix + key, entry);
        }
    }

    private void take(String key, String flag, NodeTuple entry) {
        if (flag.equals(ITSELF) || !StockFlags.knows(flag)) {
            throw unknown(key, entry);
        }
        if (flags.containsKey(flag)) {
            throw wrong(line(entry.getKeyNode()), "'%s' stands there twice".formatted(key));
        }
        if (!isNothing(entry.getValueNode())) {
            flags.put(flag, value(flag, entry.getValueNode()));
        }
    }

    private IllegalArgumentException unknown(String key, NodeTuple entry) {
        return wrong(
                line(entry.getKeyNode()), "'%s' is none of the keys (see --help)".formatted(key));
    }

    private MappingNode mapping(Node node, String what) {
        if (node instanceof MappingNode mapping) {
            return mapping;
        }
        throw wrong(line(node), what + " must hold 'key: value'");
    }

    private String key(NodeTuple entry) {
        if (entry.getKeyNode() instanceof ScalarNode key) {
            return key.getValue();
        }
        throw wrong(line(entry.getKeyNode()), "a key must be a word");
    }

    private String value(String flag, Node node) {
        return switch (node) {
            case ScalarNode scalar -> value(flag, scalar.getValue());
            case SequenceNode list ->
                    list.getValue().stream()
                            .map(item -> {
                                if (item instanceof ScalarNode scalar) {
                                    return scalar.getValue();
                                }
                                throw wrong(line(item), "'%s' wants words".formatted(flag));
                            })
                            .collect(Collectors.joining(","));
            default -> throw wrong(line(node), "'%s' wants a value".formatted(flag));
        };
    }

    private static String value(String flag, String text) {
        if (StockFlags.SWITCHES.contains(flag)) {
            return SWITCH_WORDS.getOrDefault(text, text);
        }
        if (TIMES.contains(flag) && text.matches("\\d{1,18}")) {
            long nanos = Long.parseLong(text);
            return "%ds%dns".formatted(nanos / NANOS, nanos % NANOS);
        }
        return text;
    }

    /** Nothing is said, or no more than that. */
    private static boolean isNothing(Node node) {
        return node instanceof ScalarNode scalar
                && List.of("", "~", "null").contains(scalar.getValue());
    }

    private static int line(Node node) {
        return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
    }

    private IllegalArgumentException wrong(int line, String what) {
        return new IllegalArgumentException(
                line > 0
                        ? "--config-file=%s, line %d: %s".formatted(name, line, what)
                        : "--config-file=%s: %s".formatted(name, what));
    }
}
