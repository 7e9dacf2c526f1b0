package flotilla.raft.members;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ConfStateTest {
    @Test
    void equal_configurations_are_equal_values_in_whatever_order_they_were_read() {
        assertThat(ConfState.of(3, 1, 2, 1)).isEqualTo(ConfState.of(1, 2, 3));
        assertThat(ConfState.of(-1, 1).voters()).containsExactly(1L, -1L);
    }

    @Test
    void a_configuration_with_outgoing_voters_is_joint() {
        ConfState joint = new ConfState(List.of(1L, 2L), List.of(), List.of(1L), List.of(), false);

        assertThat(joint.joint()).isTrue();
        assertThat(ConfState.of(1, 2).joint()).isFalse();
    }
}
