package flotilla.trust.token;

import java.util.List;
import java.util.Optional;

/**
 * What the cluster remembers when somebody asks, all of it of one moment.
 *
 * @param grant of the token's id; empty when there is none, and for who shows no token
 * @param members all that were admitted
 */
public record Known(Optional<Grant> grant, List<Member> members) {
    public Known {
        members = List.copyOf(members);
    }

    Optional<Member> member(String machineId) {
        return members.stream().filter(member -> member.machineId().equals(machineId)).findFirst();
    }
}
