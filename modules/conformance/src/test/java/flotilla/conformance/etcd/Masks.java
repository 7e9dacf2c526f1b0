package flotilla.conformance.etcd;

import flotilla.conformance.RandomId;
import java.util.regex.Pattern;

/** Words in place of what etcdctl prints of one cluster alone: ids, ports, times, sizes. */
final class Masks {
    private Masks() {}

    /**
     * @param address of the member that was asked
     */
    static String of(String address, String printed) {
        return printed.replaceAll(Pattern.quote(address) + "\\b", "CLIENT")
                .replaceAll("127\\.0\\.0\\.1:\\d+", "PEER")
                .replaceAll("took = [0-9.]+[mµn]?s", "took = T")
                .replaceAll("\"took\":\"[0-9.]+[mµn]?s\"", "\"took\":T")
                .replaceAll("\\| +[0-9.]+[mµn]?s +\\|", "| T |")
                .replaceAll("\\d{4}/\\d\\d/\\d\\d \\d\\d:\\d\\d:\\d\\d(\\.\\d+)?", "DATE")
                .replaceAll("\\{\"level\":\"warn\",\"ts\":\"[^\"]*\"", "{\"level\":\"warn\"")
                .replaceAll("endpoint://client-[0-9a-f-]+/", "endpoint://client/")
                .replaceAll(
                        "\"(cluster_id|member_id|raft_term|ID|leader|raftIndex|raftTerm|raftAppliedIndex|dbSize|dbSizeInUse)\":\\d+",
                        "\"$1\":N")
                .replaceAll("\"(ClusterID|MemberID|RaftTerm|ID)\" : \\d+", "\"$1\" : N")
                .replaceAll("(\"id\"|\"lease\"|\"Lease\" ): ?" + RandomId.DECIMAL, "$1: N")
                .replaceAll("remaining\\((49[0-9]|500)s\\)", "remaining(T)")
                .replaceAll("\"ttl\":(49[0-9]|500)", "\"ttl\":T")
                .replaceAll("\\b" + RandomId.HEX + "\\b", "ID")
                .replaceAll("[0-9.]+ [kM]?B\\b", "SIZE")
                .replaceAll(" {2,}", " ")
                .replaceAll("-{3,}", "--")
                .replaceAll(
                        "(true|false)(,| \\|) (false)(,| \\|)( \\d+(,| \\|)){3}", "$1, $3, RAFT");
    }
}
