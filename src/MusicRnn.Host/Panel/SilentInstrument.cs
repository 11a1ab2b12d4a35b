using MusicRnn.Midi;
using MusicRnn.Performance;

namespace MusicRnn.Host.Panel;

/// <summary>What plays while no page listens: nothing is computed, and its successor is told what it was told.</summary>
internal sealed class SilentInstrument(int sampleRate) : IInstrument
{
    /// <inheritdoc/>
    public int SampleRate => sampleRate;

    /// <inheritdoc/>
    public void Play(MidiMessage message)
    {
    }

    /// <inheritdoc/>
    public void Render(Span<float> left, Span<float> right)
    {
        left.Clear();
        right.Clear();
    }
}
