package flotilla.cloudconfig.document;

import java.util.List;

/**
 * What a machine's provider says of it; empty where it says nothing.
 *
 * @param machineId machine-id(5)
 * @param sshKeys in addition to those of the document
 */
public record Metadata(
        String machineId,
        String hostname,
        String privateIpv4,
        String publicIpv4,
        String privateIpv6,
        String publicIpv6,
        List<String> sshKeys) {
    public Metadata {
        sshKeys = List.copyOf(sshKeys);
    }

    /** A machine with one address. */
    public static Metadata of(String machineId, String hostname, String ipv4) {
        return new Metadata(machineId, hostname, ipv4, ipv4, "", "", List.of());
    }
}
