package flotilla.machine;

class FakeEngineTest extends ContainerEngineContract {
    private final FakeEngine engine = new FakeEngine();

    @Override
    protected ContainerEngine engine() {
        return engine;
    }
}
