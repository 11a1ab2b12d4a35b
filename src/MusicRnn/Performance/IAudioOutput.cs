namespace MusicRnn.Performance;

/// <summary>Something that sound goes to: a sound card, a server, a file, or nothing.</summary>
public interface IAudioOutput : IDevice
{
    /// <summary>Frames a second; 0 while the device is not there.</summary>
    int SampleRate { get; }

    /// <summary>Frames rendered at a time; 0 while the device is not there.</summary>
    int BlockFrames { get; }

    /// <summary>From a message's stamp to its sound leaving the device, as far as the device tells, in nanoseconds.</summary>
    long Latency { get; }

    /// <summary>How often the device ran dry or was late since it was made.</summary>
    long Xruns { get; }

    /// <summary>
    /// From now on renders what the lane holds, each message at its exact frame. Called once.
    /// </summary>
    /// <param name="lane">What is to be heard.</param>
    /// <param name="instruments">Makes the instrument for a sample rate in frames a second; called on a thread that may allocate,
    /// again when the device comes back with another rate and at <see cref="Reload"/>.</param>
    void Start(OutputLane lane, Func<int, IInstrument> instruments);

    /// <summary>Makes the instrument anew, as when another SoundFont was chosen, and changes over between two blocks. Any thread that may allocate.</summary>
    void Reload();
}
