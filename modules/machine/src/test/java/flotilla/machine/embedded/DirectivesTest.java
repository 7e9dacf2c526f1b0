package flotilla.machine.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.units.UnitFile;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What of a unit the init does not do it says; {@code MachineLifeTest} sees where. */
class DirectivesTest {
    @ParameterizedTest
    @CsvSource({
        "Service, TasksMax=10, not honoured by the embedded init: TasksMax= (line 2)",
        "Service, LimitNPROC=10, not honoured by the embedded init: LimitNPROC= (line 2)",
        "Service, LimitNOFILE=4096, not honoured by the embedded init: LimitNOFILE= (line 2)",
        "Service, MemoryMax=1G, not honoured by the embedded init: MemoryMax= (line 2)",
        "Service, CPUQuota=20%, not honoured by the embedded init: CPUQuota= (line 2)",
        "Service, OOMScoreAdjust=-900, not honoured by the embedded init: OOMScoreAdjust= (line 2)",
        "Service, PrivateTmp=true, not honoured by the embedded init: PrivateTmp= (line 2)",
        "Service, StandardError=null, not honoured by the embedded init: StandardError= (line 2)",
        "Unit, OnSuccess=b.service, not honoured by the embedded init: OnSuccess= (line 2)",
        "Unit, ConditionMemory=1G, not honoured by the embedded init: ConditionMemory= (line 2)",
        "Service, LimitNoFile=4096, unknown directive: LimitNoFile= (line 2)",
        "Unit, TasksMax=10, not honoured by the embedded init: TasksMax= (line 2)",
        "Service, After=b.service, unknown directive: After= (line 2)",
    })
    void what_is_not_honoured_is_named_with_its_line(String section, String line, String remark) {
        UnitFile file = UnitFile.parse("[%s]\n%s\n".formatted(section, line));

        assertThat(Directives.remarks(file)).containsExactly(remark);
    }

    @ParameterizedTest
    @CsvSource({
        "Service, TimeoutStopSec=1",
        "Unit, After=b.service",
        "Install, WantedBy=multi-user.target",
        "X-Fleet, Global=true",
        "Service, X-Ours=1",
    })
    void what_is_honoured_or_not_the_inits_to_judge_is_not(String section, String line) {
        UnitFile file = UnitFile.parse("[%s]\n%s\n".formatted(section, line));

        assertThat(Directives.remarks(file)).isEmpty();
    }
}
