package flotilla.cli.command;

import picocli.CommandLine.Option;

/** The option of commands that print words for people, or all there is for programs. */
public final class Output {
    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "text or json",
            defaultValue = "text")
    private Format format = Format.TEXT;

    enum Format {
        TEXT,
        JSON
    }

    public boolean isJson() {
        return format == Format.JSON;
    }
}
