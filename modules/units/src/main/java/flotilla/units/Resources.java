package flotilla.units;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What a unit says it needs, for the scheduler: [X-Fleet] {@code Memory=} and {@code CPU=}, else
 * the limits of its [Service] (systemd.resource-control(5)). Unsaid or unlimited is empty.
 *
 * @param cpus in cores
 */
public record Resources(OptionalLong memoryBytes, OptionalDouble cpus) {
    public static final Resources NONE =
            new Resources(OptionalLong.empty(), OptionalDouble.empty());

    public static Resources of(UnitFile file) {
        OptionalLong memory =
                file.option("X-Fleet", "Memory")
                        .or(() -> file.option("Service", "MemoryMax"))
                        .or(() -> file.option("Service", "MemoryLimit"))
                        .map(ByteSize::parse)
                        .orElse(OptionalLong.empty());
        OptionalDouble cpus =
                file.option("X-Fleet", "CPU")
                        .map(Resources::cores)
                        .orElseGet(() ->
                                file.option("Service", "CPUQuota")
                                        .map(Resources::quota)
                                        .orElse(OptionalDouble.empty()));
        return new Resources(memory, cpus);
    }

    static OptionalDouble cores(String text) {
        return Optional.of(text.strip())
                .filter(number -> number.matches("[0-9]{1,6}(\\.[0-9]{1,6})?"))
                .map(number -> OptionalDouble.of(Double.parseDouble(number)))
                .orElse(OptionalDouble.empty());
    }

    private static OptionalDouble quota(String text) {
        String value = text.strip();
        if (!value.endsWith("%")) {
            return OptionalDouble.empty();
        }
        OptionalDouble percent = cores(value.substring(0, value.length() - 1));
        return percent.isPresent()
                ? OptionalDouble.of(percent.getAsDouble() / 100)
                : OptionalDouble.empty();
    }
}
