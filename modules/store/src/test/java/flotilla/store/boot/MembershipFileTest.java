package flotilla.store.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flotilla.store.log.Membership;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file that says who a member is, damaged. */
class MembershipFileTest {
    private static final Membership MEMBERSHIP =
            new Membership(
                    MemberIds.cluster(List.of(11L, -3L)),
                    11,
                    List.of(
                            new Membership.Peer(11, "a name", List.of("http://a:1")),
                            new Membership.Peer(-3, "b", List.of("http://b:1", "http://b:2"))));

    @TempDir private Path temp;
    private Path file;

    @BeforeEach
    void keep() throws IOException {
        file = temp.resolve("member/membership");
        try (DataDir directory = DataDir.open(temp)) {
            directory.keep(MEMBERSHIP);
        }
        Files.createDirectories(DataDir.places(temp).log());
    }

    @Test
    void no_flipped_bit_goes_unnoticed() throws IOException {
        byte[] whole = Files.readAllBytes(file);
        for (int bit = 0; bit < 8 * whole.length; bit++) {
            byte[] flipped = whole.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            Files.write(file, flipped);
            assertRefused("is damaged");
        }
    }

    @Test
    void no_cut_makes_another_member_of_it() throws IOException {
        byte[] whole = Files.readAllBytes(file);
        int summed = Files.readString(file).indexOf("checksum");
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            if (length == summed) {
                assertRead(); // As an earlier version wrote it.
            } else if (length < summed - 3 || length > summed) {
                assertRefused("is damaged");
            }
        }
    }

    @Test
    void one_that_is_gone_is_named_where_a_log_is_left() throws IOException {
        Files.delete(file);

        assertRefused("is missing beside a log");
    }

    @Test
    void one_without_a_checksum_is_still_read_but_its_members_must_make_its_cluster()
            throws IOException {
        edit(text -> text.substring(0, text.indexOf("checksum")));
        assertRead();

        edit(text -> text.substring(0, text.indexOf("member fff")));
        assertRefused("its members don't make its cluster");
    }

    @Test
    void one_written_anew_from_another_members_is_taken() throws IOException {
        edit(text -> text.substring(0, text.indexOf("checksum")).replace("self b", "self other"));
        assertRefused("unreadable line: self other");

        edit(text -> text.replace("self other", "self b"));
        assertRead();
    }

    @Test
    void that_of_one_that_joined_keeps_it_and_its_cluster_may_have_had_other_members()
            throws IOException {
        Membership joined = new Membership(0xc1, 11, MEMBERSHIP.members(), true);
        try (DataDir directory = DataDir.open(temp)) {
            directory.keep(joined);
        }

        assertKept(joined);
        edit(text -> text.substring(0, text.indexOf("checksum")));
        assertKept(joined);
    }

    private void edit(UnaryOperator<String> change) throws IOException {
        Files.writeString(file, change.apply(Files.readString(file)));
    }

    private void assertRead() throws IOException {
        assertKept(MEMBERSHIP);
    }

    private void assertKept(Membership membership) throws IOException {
        try (DataDir directory = DataDir.open(temp)) {
            assertThat(directory.membership()).contains(membership);
        }
    }

    private void assertRefused(String symptom) throws IOException {
        try (DataDir directory = DataDir.open(temp)) {
            assertThatThrownBy(directory::membership)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(file.toString())
                    .hasMessageContaining(symptom)
                    .hasMessageContaining("put it back from a copy, or write it anew");
        }
    }
}
