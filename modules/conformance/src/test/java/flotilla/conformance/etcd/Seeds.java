package flotilla.conformance.etcd;

import java.util.Arrays;
import java.util.stream.LongStream;

/** Which random runs a test makes: always the same ones, unless a property names others. */
final class Seeds {
    private Seeds() {}

    /**
     * @param property comma-separated seeds, to look for a failure or to see one again
     */
    static LongStream of(String property, long... usual) {
        String named = System.getProperty(property, "");
        return named.isBlank()
                ? Arrays.stream(usual)
                : Arrays.stream(named.split(",")).map(String::strip).mapToLong(Long::parseLong);
    }
}
