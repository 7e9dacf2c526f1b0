package flotilla.machine.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineReaderTest {
    private final ByteShare share = new ByteShare(1 << 20);

    private List<String> read(String text, ByteShare from) throws IOException {
        List<String> lines = new ArrayList<>();
        LineReader.each(
                new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)),
                from,
                (bytes, length) -> lines.add(new String(bytes, 0, length, StandardCharsets.UTF_8)));
        return lines;
    }

    @Test
    void lines_end_with_a_line_feed_or_with_the_output() throws IOException {
        assertThat(read("one\n\ntwo\r\nthree", share)).containsExactly("one", "", "two\r", "three");
        assertThat(read("", share)).isEmpty();
    }

    @Test
    void a_line_of_the_limit_is_whole_and_a_longer_one_is_cut_there() throws IOException {
        String whole = "x".repeat(LineReader.LINE_BYTES_MAX);

        assertThat(read(whole + "\n" + whole + "yz\n", share)).containsExactly(whole, whole, "yz");
    }

    @Test
    void no_character_is_cut_in_two() throws IOException {
        for (String character : List.of("é", "€", "😀")) {
            for (int shift = 0; shift < 4; shift++) {
                String text = "x".repeat(shift) + character.repeat(40_000);

                List<String> lines = read(text, share);

                assertThat(String.join("", lines)).isEqualTo(text);
                assertThat(lines).hasSizeGreaterThan(1);
            }
        }
    }

    @Test
    void lines_are_cut_sooner_when_the_memory_for_them_is_used_up() throws IOException {
        assertThat(read("x".repeat(3000), new ByteShare(0)))
                .extracting(String::length)
                .containsExactly(1024, 1024, 952);
    }

    @Test
    void what_a_long_line_took_is_given_back() throws IOException {
        read("x".repeat(200_000) + "\nshort\n", share);

        assertThat(share.taken()).isZero();
    }
}
