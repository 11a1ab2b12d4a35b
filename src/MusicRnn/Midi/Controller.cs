namespace MusicRnn.Midi;

/// <summary>Controller numbers with a meaning of their own (MIDI 1.0 specification, table III; General MIDI 2).</summary>
public static class Controller
{
    /// <summary>Bank select, most significant byte.</summary>
    public const int BankSelect = 0;

    /// <summary>The modulation wheel.</summary>
    public const int Modulation = 1;

    /// <summary>Data entry, most significant byte.</summary>
    public const int DataEntry = 6;

    /// <summary>Channel volume.</summary>
    public const int Volume = 7;

    /// <summary>Pan; 64 is the middle.</summary>
    public const int Pan = 10;

    /// <summary>Expression: a fraction of the volume.</summary>
    public const int Expression = 11;

    /// <summary>Data entry, least significant byte.</summary>
    public const int DataEntryFine = 38;

    /// <summary>The sustain pedal: down from 64 up.</summary>
    public const int Sustain = 64;

    /// <summary>The sostenuto pedal.</summary>
    public const int Sostenuto = 66;

    /// <summary>The soft pedal.</summary>
    public const int Soft = 67;

    /// <summary>Reverb send.</summary>
    public const int Reverb = 91;

    /// <summary>Chorus send.</summary>
    public const int Chorus = 93;

    /// <summary>Silences the channel at once.</summary>
    public const int AllSoundOff = 120;

    /// <summary>Puts every controller of the channel back to its default.</summary>
    public const int ResetAllControllers = 121;

    /// <summary>Releases every note of the channel.</summary>
    public const int AllNotesOff = 123;
}
