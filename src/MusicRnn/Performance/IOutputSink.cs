namespace MusicRnn.Performance;

/// <summary>Where the improviser's events go: the rings of the live outputs, a list in a test, a take.</summary>
public interface IOutputSink
{
    /// <summary>Takes one event. [improviser-thread] allocates nothing, locks nothing, waits for nothing.</summary>
    void Emit(in OutputEvent output);
}
