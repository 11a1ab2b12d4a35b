namespace MusicRnn.Performance;

/// <summary>A note that the machine is about to play.</summary>
internal record struct PlannedNote
{
    /// <summary>When it is due.</summary>
    public long Onset;

    /// <summary>When its key is released: a stamp.</summary>
    public long Off;

    /// <summary>Its onset in the model's time.</summary>
    public long ModelOnset;

    /// <summary>Its duration in the model's time.</summary>
    public long ModelDuration;

    /// <summary>The frame of its onset.</summary>
    public long Frame;

    /// <summary>The frame that its key is up in.</summary>
    public long ReleaseFrame;

    /// <summary>MIDI key number, 0-127.</summary>
    public int Pitch;

    /// <summary>1-127, as the model said it.</summary>
    public int Velocity;

    /// <summary>Whether the machine's pedal is down at its onset.</summary>
    public bool PedalDown;

    /// <summary>The pedal's moves between the previous onset and this one; at most two.</summary>
    public PedalStep First;

    /// <summary>The second move.</summary>
    public PedalStep Second;
}
