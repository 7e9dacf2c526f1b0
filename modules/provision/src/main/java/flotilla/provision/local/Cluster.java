package flotilla.provision.local;

import flotilla.provision.ProvisionException;
import java.util.List;

/**
 * What {@code up} decided once and every later command goes by: written before the first machine
 * boots, so that a half-finished {@code up} is finished by the next.
 *
 * @param format 1; a newer one is refused rather than guessed at
 * @param subnet the addresses' first three numbers
 */
record Cluster(int format, String subnet, List<Member> members) {
    static final int FORMAT = 1;

    /** One machine: all that makes it the same one after a reboot. */
    record Member(String name, String address, String machineId) {}

    Cluster {
        members = List.copyOf(members);
    }

    Member member(String name) {
        return members.stream()
                .filter(member -> member.name().equals(name) || member.address().equals(name))
                .findFirst()
                .orElseThrow(() ->
                        new ProvisionException(
                                "there is no machine "
                                        + name
                                        + ": the cluster has "
                                        + String.join(", ", names())));
    }

    List<String> names() {
        return members.stream().map(Member::name).toList();
    }
}
