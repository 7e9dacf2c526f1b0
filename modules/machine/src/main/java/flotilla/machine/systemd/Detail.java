package flotilla.machine.systemd;

import flotilla.machine.UnitDetail;
import flotilla.machine.UnitState;
import flotilla.machine.systemd.bus.Bus;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;

/** All about one unit, from its properties. */
final class Detail {
    /** What systemd says of what nobody counts: UINT64_MAX. */
    private static final BigInteger NOT_SET = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);

    private final Map<String, Object> properties;

    private Detail(Map<String, Object> properties) {
        this.properties = properties;
    }

    static UnitDetail none(String name) {
        OptionalLong none = OptionalLong.empty();
        return new UnitDetail(UnitState.notFound(name), "", false, none, none, none);
    }

    static UnitDetail of(Bus bus, Path root, String name) throws IOException {
        Map<String, Object> all = new HashMap<>(bus.properties(name, "Unit"));
        String suffix = name.substring(name.lastIndexOf('.') + 1);
        if (!List.of("target", "device").contains(suffix)) {
            String type = suffix.substring(0, 1).toUpperCase(Locale.ROOT) + suffix.substring(1);
            all.putAll(bus.properties(name, type));
        }
        return new Detail(all).detail(name, root);
    }

    private UnitDetail detail(String name, Path root) {
        UnitState state =
                new UnitState(
                        name,
                        text("LoadState"),
                        text("ActiveState"),
                        text("SubState"),
                        count("MainPID").orElse(0),
                        properties.containsKey("Result") ? text("Result") : "success");
        return new UnitDetail(
                state,
                bytes("InvocationID"),
                Boolean.TRUE.equals(properties.get("NeedDaemonReload")),
                count("MemoryCurrent"),
                cpu(root),
                count("TasksCurrent"));
    }

    private String text(String name) {
        return properties.get(name) instanceof String text ? text : "";
    }

    private OptionalLong count(String name) {
        if (!(properties.get(name) instanceof Number number)) {
            return OptionalLong.empty();
        }
        BigInteger value = new BigInteger(number.toString());
        return value.equals(NOT_SET) || value.signum() < 0 || value.bitLength() > 63
                ? OptionalLong.empty()
                : OptionalLong.of(value.longValue());
    }

    /** Where systemd does not count, because cpu and cpuacct are mounted apart, the kernel does. */
    private OptionalLong cpu(Path root) {
        OptionalLong said = count("CPUUsageNSec");
        String group = text("ControlGroup");
        if (said.isPresent() || group.isEmpty()) {
            return said;
        }
        Path stat = root.resolve("sys/fs/cgroup/unified" + group + "/cpu.stat");
        try {
            return Files.readAllLines(stat).stream()
                    .filter(line -> line.startsWith("usage_usec "))
                    .mapToLong(line -> Long.parseLong(line.substring(11)) * 1000)
                    .findFirst();
        } catch (IOException | NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    private static String hex(Object one) {
        return one instanceof Number number ? HexFormat.of().toHexDigits(number.byteValue()) : "";
    }

    private String bytes(String name) {
        return switch (properties.get(name)) {
            case byte[] bytes -> HexFormat.of().formatHex(bytes);
            case List<?> list -> {
                StringBuilder hex = new StringBuilder();
                list.forEach(one -> hex.append(hex(one)));
                yield hex.toString();
            }
            case null, default -> "";
        };
    }
}
