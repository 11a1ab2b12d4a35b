using System.Runtime.CompilerServices;

namespace MusicRnn.Performance;

/// <summary>Which keys the player holds, and since when.</summary>
internal struct HeldKeys
{
    private Onsets _onsets; // [128], where _down has its bit
    private UInt128 _down;

    /// <summary>Bit k is set while key k is down.</summary>
    public readonly UInt128 Down => _down;

    /// <summary>A key goes down at a frame (10 ms), counted from anywhere at or after frame 0.</summary>
    public void Press(int pitch, long frame)
    {
        _onsets[pitch] = frame;
        _down |= UInt128.One << pitch;
    }

    /// <summary>A key comes up.</summary>
    public void Release(int pitch) => _down &= ~(UInt128.One << pitch);

    /// <summary>The frame that a key went down in.</summary>
    public readonly long Onset(int pitch) => _onsets[pitch];

    [InlineArray(128)]
    private struct Onsets
    {
        private long _first;
    }
}
