package flotilla.machine.embedded;

import flotilla.machine.process.Reaper;

/**
 * What all parts of one embedded init stand on.
 *
 * @param owner the one thread that may touch its units
 */
record Site(
        InitConfig config,
        UnitDirectories directories,
        Owner owner,
        JournalFiles journal,
        Reaper reaper) {
    static Site of(InitConfig config) {
        return new Site(
                config,
                new UnitDirectories(config.root()),
                new Owner("init " + config.hostname()),
                new JournalFiles(
                        config.root().resolve("var/log/journal"),
                        config.journalBytes(),
                        JournalSpace.BYTES_MAX),
                Reaper.start());
    }
}
