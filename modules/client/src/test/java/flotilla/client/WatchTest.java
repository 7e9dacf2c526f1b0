package flotilla.client;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.platform.Registration;
import flotilla.protocol.Event;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Watches against the original etcd, through its death. */
class WatchTest {
    private RealEtcd etcd;
    private EtcdClient client;

    @BeforeEach
    void start(@TempDir Path directory) throws IOException {
        etcd = RealEtcd.start(directory);
        client = etcd.client();
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (client != null) {
            client.close();
            etcd.close();
        }
    }

    /** Hears values in order, and what ended the watch. */
    private static final class Heard implements WatchListener {
        final BlockingQueue<String> values = new LinkedBlockingQueue<>();
        final BlockingQueue<Long> compacted = new LinkedBlockingQueue<>();
        final CountDownLatch begun = new CountDownLatch(1);

        @Override
        public void onBegun(long nextRevision) {
            begun.countDown();
        }

        @Override
        public void onEvents(List<Event> events) {
            events.forEach(event -> values.add(event.getKv().getValue().toStringUtf8()));
        }

        @Override
        public void onCompacted(long compactRevision) {
            compacted.add(compactRevision);
        }

        String next() throws InterruptedException {
            return values.poll(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void a_watch_survives_the_member_s_death_and_neither_loses_nor_repeats() throws Exception {
        Heard heard = new Heard();
        try (Registration watch = client.watch(WatchSpec.prefix("/w/", 0), heard)) {
            assertThat(heard.begun.await(30, TimeUnit.SECONDS)).isTrue();
            client.put("/w/a", "1");
            client.put("/w/b", "2");
            assertThat(heard.next()).isEqualTo("1");
            assertThat(heard.next()).isEqualTo("2");
            etcd.kill();
            etcd.restart();
            client.put("/other", "unseen");
            client.put("/w/a", "3");
            assertThat(heard.next()).isEqualTo("3");
            assertThat(heard.values).isEmpty();
        }
    }

    @Test
    void a_watch_from_an_old_revision_hears_history_first() throws Exception {
        long first = client.put("/h", "1");
        client.put("/h", "2");
        Heard heard = new Heard();
        try (Registration watch = client.watch(WatchSpec.key("/h", first), heard)) {
            assertThat(heard.next()).isEqualTo("1");
            assertThat(heard.next()).isEqualTo("2");
            client.put("/h", "3");
            assertThat(heard.next()).isEqualTo("3");
        }
    }

    @Test
    void a_watch_below_the_compacted_revision_says_where_to_list_again() throws Exception {
        long first = client.put("/c", "1");
        long last = client.put("/c", "2");
        client.compact(last);
        Heard heard = new Heard();
        try (Registration watch = client.watch(WatchSpec.key("/c", first), heard)) {
            assertThat(heard.compacted.poll(30, TimeUnit.SECONDS)).isEqualTo(last);
        }
    }
}
