package flotilla.provision.hosts;

import flotilla.provision.ProvisionException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.zip.CRC32;

/**
 * Where hosts live: one directory and one private /24. Two clusters on one machine need two of
 * each.
 *
 * @param directory absolute; on a disk, not in memory, for it carries what hosts write
 * @param subnet the first three numbers of the addresses: {@code 10.77.0}
 */
public record HostsHome(Path directory, String subnet) {
    /** So that addresses below and above are free for services. */
    static final int HOSTS_MAX = 99;

    private static final int FIRST_ADDRESS = 10;
    private static final Pattern SUBNET =
            Pattern.compile("(10|172|192)(\\.(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)){2}");
    private static final Pattern NAME = Pattern.compile("core-(\\d\\d)");

    public HostsHome {
        if (!SUBNET.matcher(subnet).matches()) {
            throw new ProvisionException(
                    "'%s' is no private subnet: give three numbers, such as 10.77.0"
                            .formatted(subnet));
        }
        directory = directory.toAbsolutePath().normalize();
    }

    /** The host with that number, from 1. */
    HostPlace place(int number) {
        String name = "core-%02d".formatted(number);
        return new HostPlace(
                number, name, subnet + "." + (FIRST_ADDRESS + number), directory.resolve(name));
    }

    HostPlace place(String name) {
        Matcher matcher = NAME.matcher(name);
        HostPlace place = matcher.matches() ? place(Integer.parseInt(matcher.group(1))) : null;
        if (place == null || !Files.exists(place.identity())) {
            throw new ProvisionException("there is no host '%s'".formatted(name));
        }
        return place;
    }

    /** The hosts that were made, by number. */
    List<HostPlace> places() {
        return IntStream.rangeClosed(1, HOSTS_MAX)
                .mapToObj(this::place)
                .filter(place -> Files.exists(place.identity()))
                .toList();
    }

    /** The address of this machine on the hosts' switch. */
    String ownAddress() {
        return subnet + ".1";
    }

    /**
     * What this home goes by in the kernel's name spaces, where a directory can't be said: 10
     * characters, for an interface's name has 15 at most.
     */
    String tag() {
        CRC32 sum = new CRC32();
        sum.update(directory.toString().getBytes(StandardCharsets.UTF_8));
        return "fl%08x".formatted(sum.getValue());
    }

    Path network() {
        return directory.resolve("switch");
    }

    Path veil() {
        return directory.resolve("veil");
    }

    Path script() {
        return directory.resolve("power.sh");
    }

    /** What the kernel's limit was before. */
    Path inotifyLimit() {
        return directory.resolve("inotify");
    }
}
