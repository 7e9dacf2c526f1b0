package flotilla.store.log.wal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class ChainTest {
    @Test
    void it_begins_with_the_check_value_of_crc32c() {
        byte[] check = "123456789".getBytes(StandardCharsets.US_ASCII);
        Chain chain = Chain.from(0);
        chain.add(check, 0, check.length);
        assertThat(chain.value()).isEqualTo(0xE3069283);
    }

    @Test
    void it_goes_on_from_any_value_as_if_it_had_never_stopped() {
        SplittableRandom chance = new SplittableRandom(1);
        byte[] data = new byte[1_000];
        for (int run = 0; run < 1_000; run++) {
            chance.nextBytes(data);
            int stop = chance.nextInt(data.length);
            CRC32C whole = new CRC32C();
            whole.update(data);
            CRC32C start = new CRC32C();
            start.update(data, 0, stop);

            Chain chain = Chain.from((int) start.getValue());
            assertThat(chain.value()).isEqualTo((int) start.getValue());
            chain.add(data, stop, data.length - stop);

            assertThat(chain.value()).isEqualTo((int) whole.getValue());
        }
    }
}
