namespace MusicRnn.Performance;

/// <summary>
/// A device without a time of its own: a file, or nothing. Someone takes it from stamp to stamp: a thread in real time, or
/// whoever moves a virtual clock. What it does depends on the stamps alone, so both give the same result.
/// </summary>
public interface ISteppedDevice : IDevice
{
    /// <summary>How far before (above 0) or behind (below 0) the clock it is taken in real time, in nanoseconds: an input ahead, so that
    /// nothing of it is late; an output behind, when all that it needs has come.</summary>
    long Ahead { get; }

    /// <summary>Does everything due before a stamp. Stamps never go back. One thread at a time.</summary>
    void Step(long until);
}
