namespace MusicRnn.Performance;

/// <summary>Gives every event to several takers, in their order: the journal first, then the lanes.</summary>
public sealed class OutputFan(IReadOnlyList<IOutputSink> sinks) : IOutputSink
{
    private readonly IOutputSink[] _sinks = [.. sinks];

    /// <inheritdoc/>
    public void Emit(in OutputEvent output)
    {
        foreach (IOutputSink sink in _sinks)
        {
            sink.Emit(output);
        }
    }
}
