package flotilla.cli;

import picocli.CommandLine.IVersionProvider;

/** Our version, from the jar's manifest; {@code dev} when run from class files. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        String version = Flotilla.class.getPackage().getImplementationVersion();
        return new String[] {
            "flotilla "
                    + (version == null ? "dev" : version)
                    + " (Java "
                    + Runtime.version().feature()
                    + ")"
        };
    }
}
