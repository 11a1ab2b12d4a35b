using MusicRnn.Devices;
using MusicRnn.Midi;
using MusicRnn.Performance;

namespace MusicRnn.Tests.Devices.Alsa;

/// <summary>Renders noise between one less than its level and its level, never 0, and keeps what it rendered.</summary>
internal sealed class NoiseInstrument(int sampleRate) : IInstrument
{
    private readonly Random _random = new(1);

    public int SampleRate { get; } = sampleRate;

    public int Level { get; init; } = 1;

    /// <summary>How often it keeps the card waiting until that has run dry.</summary>
    public int Stumbles { get; set; }

    /// <summary>Every sample, left and right in turn.</summary>
    public List<float> Rendered { get; } = [];

    public void Play(MidiMessage message)
    {
    }

    public void Render(Span<float> left, Span<float> right)
    {
        if (Stumbles > 0 && Rendered.Count > 4096 * Stumbles)
        {
            Stumbles--;
            MonotonicClock.Instance.SleepUntil(MonotonicClock.Instance.Now + 100_000_000);
        }

        for (int i = 0; i < left.Length; i++)
        {
            left[i] = Level - 0.001f - (_random.NextSingle() * 0.99f);
            right[i] = Level - 0.001f - (_random.NextSingle() * 0.99f);
            Rendered.Add(left[i]);
            Rendered.Add(right[i]);
        }
    }
}
