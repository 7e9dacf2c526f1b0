package flotilla.platform.door;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.platform.memory.MemoryBudget;
import flotilla.platform.memory.MemoryBudget.Share;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoomTest {
    @ParameterizedTest
    @CsvSource({
        "20, 20000, 76",
        "24, 20000, 92",
        "80, 20000, 307",
        "512, 20000, 1966",
        "8192, 20000, 9800",
        "8192, 1048576, 20000",
        "80, 1024, 307",
        "80, 256, 64",
        "80, 32, 16",
    })
    void a_heap_of_some_mib_and_so_many_files_give_room_for(
            long heapMib, long files, int connections) {
        long heap = new MemoryBudget(heapMib << 20).bytes(Share.CONNECTIONS);

        assertThat(Room.connections(heap, files)).isEqualTo(connections);
    }
}
