package flotilla.store.apply.mvcc;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A backend in memory that counts how often a value was read: what lies in the revisions. */
final class CountingBackend implements Backend {
    private final MemoryBackend held = new MemoryBackend();
    private int valuesRead;

    /** How many were read since the last call. */
    int valuesRead() {
        int read = valuesRead;
        valuesRead = 0;
        return read;
    }

    @Override
    public View view() {
        return new Counting(held.view());
    }

    @Override
    public Draft draft() {
        return new Overlay(view(), this::write);
    }

    @Override
    public void write(List<Change> changes) {
        held.write(changes);
    }

    private void read(Space space) {
        valuesRead += space == Space.REVISION ? 1 : 0;
    }

    private final class Counting implements View {
        private final View view;

        Counting(View view) {
            this.view = view;
        }

        @Override
        public byte @Nullable [] get(Space space, byte[] key) {
            read(space);
            return view.get(space, key);
        }

        @Override
        public Cursor cursor(Space space) {
            Cursor cursor = view.cursor(space);
            return new Cursor() {
                @Override
                public boolean seek(byte[] key) {
                    return cursor.seek(key);
                }

                @Override
                public boolean next() {
                    return cursor.next();
                }

                @Override
                public byte[] key() {
                    return cursor.key();
                }

                @Override
                public byte[] value() {
                    read(space);
                    return cursor.value();
                }

                @Override
                public void close() {
                    cursor.close();
                }
            };
        }

        @Override
        public void close() {
            view.close();
        }
    }
}
