package flotilla.store.boot;

import flotilla.platform.disk.Checksum;
import flotilla.store.log.Membership;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code membership} as text: {@code cluster ID}, {@code self ID} ({@code self ID joined} of one
 * that joined a running cluster), {@code member ID URLS NAME} for each, and a checksum of these
 * lines. A file without one, of an earlier version or written by hand, must name the cluster that
 * its members make, unless this one joined: then others may have gone before.
 */
final class MembershipFile {
    /** What to do where it is damaged or gone. */
    static final String WAY_BACK =
            "put it back from a copy, or write it anew from another member's: the same lines without"
                    + " the checksum, and in the line 'self' this member's id";

    private static final String JOINED = "joined";

    private static final Pattern LAST_LINE = Pattern.compile("checksum ([0-9a-f]{8})\\n\\z");

    /** With what is wrong, in words. */
    static final class Damaged extends Exception {
        private static final long serialVersionUID = 1;

        Damaged(String message) {
            super(message);
        }

        Damaged(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private MembershipFile() {}

    static String text(Membership membership) {
        StringBuilder text = new StringBuilder();
        text.append("cluster ").append(MemberIds.hex(membership.clusterId())).append('\n');
        text.append("self ").append(MemberIds.hex(membership.self()));
        text.append(membership.joins() ? " " + JOINED : "").append('\n');
        for (Membership.Peer peer : membership.members()) {
            text.append("member ").append(MemberIds.hex(peer.id()));
            text.append(' ').append(String.join(",", peer.peerUrls()));
            text.append(' ').append(peer.name()).append('\n');
        }
        return text + "checksum " + Checksum.of(text.toString()) + "\n";
    }

    static Membership read(String text) throws Damaged {
        Matcher sum = LAST_LINE.matcher(text);
        boolean summed = sum.find();
        String lines = summed ? text.substring(0, sum.start()) : text;
        if (summed && !sum.group(1).equals(Checksum.of(lines))) {
            throw new Damaged("its checksum doesn't fit");
        }
        Membership membership = parse(lines);
        List<Long> ids = membership.members().stream().map(Membership.Peer::id).toList();
        if (!summed && !membership.joins() && membership.clusterId() != MemberIds.cluster(ids)) {
            throw new Damaged("its members don't make its cluster");
        }
        return membership;
    }

    private static Membership parse(String text) throws Damaged {
        long cluster = 0;
        long self = 0;
        boolean joins = false;
        List<Membership.Peer> peers = new ArrayList<>();
        for (String line : text.lines().toList()) {
            String[] words = line.split(" ", 4);
            try {
                long id = Long.parseUnsignedLong(words[1], 16);
                switch (words[0]) {
                    case "cluster" -> cluster = id;
                    case "self" -> {
                        self = id;
                        joins = words.length > 2 && words[2].equals(JOINED);
                    }
                    case "member" ->
                            peers.add(
                                    new Membership.Peer(
                                            id, words[3], List.of(words[2].split(","))));
                    default -> throw new Damaged("unknown line: " + line);
                }
            } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
                throw new Damaged("unreadable line: " + line, e);
            }
        }
        try {
            return new Membership(cluster, self, peers, joins);
        } catch (IllegalArgumentException e) {
            throw new Damaged(String.valueOf(e.getMessage()), e);
        }
    }
}
