using System.Runtime.InteropServices;

namespace MusicRnn.Training;

/// <summary>A movement of the sustain pedal in a corpus, as it lies in the file: 8 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4, Size = 8)]
public readonly record struct CorpusPedal
{
    private readonly int _down;

    /// <summary>A movement.</summary>
    public CorpusPedal(int time, bool down)
    {
        Time = time;
        _down = down ? 1 : 0;
    }

    /// <summary>Milliseconds from the start of the piece.</summary>
    public int Time { get; }

    /// <summary>Whether it went down, or up.</summary>
    public bool Down => _down != 0;
}
