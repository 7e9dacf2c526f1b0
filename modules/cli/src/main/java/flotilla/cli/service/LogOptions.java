package flotilla.cli.service;

import flotilla.platform.log.Logging;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How much a service logs, and in which form. */
final class LogOptions {
    @Option(
            names = "--log-level",
            paramLabel = "LEVEL",
            defaultValue = "${env:FLOTILLA_LOG_LEVEL:-info}",
            description = "trace, debug, info, warn, error or off (FLOTILLA_LOG_LEVEL)")
    private String level = "info";

    @Option(
            names = "--log-format",
            paramLabel = "FORMAT",
            defaultValue = "${env:FLOTILLA_LOG_FORMAT:-text}",
            description = "text or json, a line each (FLOTILLA_LOG_FORMAT)")
    private Logging.Format format = Logging.Format.TEXT;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    void apply() {
        try {
            Logging.start(level, format);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }
}
