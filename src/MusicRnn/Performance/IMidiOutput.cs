namespace MusicRnn.Performance;

/// <summary>A MIDI port that messages go to.</summary>
public interface IMidiOutput : IDevice
{
    /// <summary>The names of the ports that hear it now, as they can be asked for again; empty where nobody does. Any thread.</summary>
    IReadOnlyList<string> Receivers { get; }

    /// <summary>From now on sends what the lane holds, each message at its stamp, from one thread of the device. Called once.</summary>
    void Start(OutputLane lane);
}
