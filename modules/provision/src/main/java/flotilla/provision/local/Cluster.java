package flotilla.provision.local;

import flotilla.platform.json.JsonObject;
import flotilla.provision.ProvisionException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What {@code up} decided once and every later command goes by: written before the first machine
 * boots, so that a half-finished {@code up} is finished by the next.
 *
 * @param format 1; a newer one is refused rather than guessed at
 * @param subnet the addresses' first three numbers
 */
record Cluster(int format, String subnet, List<Member> members) {
    static final int FORMAT = 1;

    /**
     * One machine: all that makes it the same one after a reboot.
     *
     * @param joins while it comes to a store that is there: the members, as {@code
     *     --initial-cluster} names them; empty once it has a vote
     */
    record Member(String name, String address, String machineId, Optional<String> joins) {
        Member(String name, String address, String machineId) {
            this(name, address, machineId, Optional.empty());
        }

        private static Member read(JsonObject json) {
            return new Member(
                    json.requiredText("name"),
                    json.requiredText("address"),
                    json.requiredText("machineId"),
                    Optional.ofNullable(json.text("joins")));
        }

        Member joining(String initialCluster) {
            return new Member(name, address, machineId, Optional.of(initialCluster));
        }

        Member joined() {
            return new Member(name, address, machineId);
        }

        private Map<String, @Nullable Object> fields() {
            Map<String, @Nullable Object> fields = new LinkedHashMap<>();
            fields.put("name", name);
            fields.put("address", address);
            fields.put("machineId", machineId);
            joins.ifPresent(cluster -> fields.put("joins", cluster));
            return fields;
        }
    }

    Cluster {
        members = List.copyOf(members);
    }

    static Cluster read(JsonObject json) {
        return new Cluster(
                Math.toIntExact(json.number("format")),
                json.requiredText("subnet"),
                Objects.requireNonNullElse(json.objects("members"), List.<JsonObject>of()).stream()
                        .map(Member::read)
                        .toList());
    }

    Map<String, @Nullable Object> fields() {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("format", format);
        fields.put("subnet", subnet);
        fields.put("members", members.stream().map(Member::fields).toList());
        return fields;
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

    Cluster with(Member more) {
        List<Member> all = new ArrayList<>(without(more.name()).members());
        all.add(more);
        all.sort(Comparator.comparing(Member::name));
        return new Cluster(format, subnet, all);
    }

    Cluster without(String name) {
        return new Cluster(
                format,
                subnet,
                members.stream().filter(member -> !member.name().equals(name)).toList());
    }

    List<String> names() {
        return members.stream().map(Member::name).toList();
    }
}
