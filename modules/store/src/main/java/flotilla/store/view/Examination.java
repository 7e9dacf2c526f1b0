package flotilla.store.view;

import flotilla.store.apply.AppliedState;
import flotilla.store.apply.refusal.UnreadableState;
import flotilla.store.disk.Storage;
import java.io.IOException;
import java.nio.file.Path;

/** Looks through a checkpoint, whoever took it, before anything is made of it. */
final class Examination {
    private Examination() {}

    static void of(Storage storage, Path checkpoint) throws IOException {
        try {
            var _ = storage.examine(checkpoint, AppliedState::read);
        } catch (UnreadableState e) {
            throw new IOException(
                    "the checkpoint in "
                            + checkpoint
                            + " was written by another version, in a format that this one doesn't"
                            + " read: bring all members to one version",
                    e);
        }
    }
}
