package flotilla.fleet.schedule;

import java.util.List;

/**
 * What there is to say of a unit at one machine, as if it came there now from where it is.
 *
 * @param machine its name for people
 * @param here whether the unit belongs there
 * @param findings of each check, in the order in which they are asked
 * @param scores the first weighs most
 */
public record Standing(
        String machineId,
        String machine,
        boolean here,
        List<Finding> findings,
        List<Score> scores) {
    public Standing {
        findings = List.copyOf(findings);
        scores = List.copyOf(scores);
    }

    /** Whether no check stands against it. */
    public boolean fits() {
        return findings.stream().allMatch(finding -> finding.objection().isEmpty());
    }
}
