using MusicRnn.Midi;
using MusicRnn.Performance;

namespace MusicRnn.Tests.Performance;

/// <summary>Sounds one sample a note-on, as high as its velocity, so that the frame at which it was played can be read off.</summary>
internal sealed class ClickInstrument(int sampleRate = 48_000) : IInstrument
{
    private int _velocity;

    public int SampleRate { get; } = sampleRate;

    public int ChannelUse { get; init; }

    public bool Keeps { get; init; } = true;

    public float Level { get; init; } = 1;

    public List<MidiMessage> Played { get; } = [];

    public void Play(MidiMessage message)
    {
        if (Keeps)
        {
            Played.Add(message);
        }

        if (message.IsNoteOn)
        {
            _velocity = message.Data2;
        }
    }

    public void Render(Span<float> left, Span<float> right)
    {
        left.Clear();
        right.Clear();
        left[0] = right[0] = _velocity * Level;
        _velocity = 0;
    }
}
