using System.Runtime.CompilerServices;

namespace MusicRnn.Model;

/// <summary>Which keys are down, and since when. A value: copying it forks it.</summary>
public struct SoundingKeys
{
    private Onsets _onsets; // [128], frame of the onset + 1, 0 where the key is up
    private UInt128 _down;

    /// <summary>Bit k is set while key k is down.</summary>
    public readonly UInt128 Down => _down;

    /// <summary>A key goes down at a frame (10 ms), counted from anywhere at or after frame 0.</summary>
    public void Press(int pitch, long frame)
    {
        _onsets[pitch] = frame + 1;
        _down |= UInt128.One << pitch;
    }

    /// <summary>A key comes up.</summary>
    public void Release(int pitch)
    {
        _onsets[pitch] = 0;
        _down &= ~(UInt128.One << pitch);
    }

    /// <summary>Every key comes up.</summary>
    public void Clear() => this = default;

    /// <summary>Whether the key is down.</summary>
    public readonly bool IsDown(int pitch) => _onsets[pitch] != 0;

    /// <summary>For how many frames the key has been down at the given frame; 0 within a chord.</summary>
    public readonly long Age(int pitch, long frame) => Math.Max(0, frame - (_onsets[pitch] - 1));

    [InlineArray(128)]
    private struct Onsets
    {
        private long _first;
    }
}
