namespace MusicRnn.Performance;

/// <summary>What an <see cref="OutputEvent"/> asks of an output.</summary>
public enum OutputKind : byte
{
    /// <summary>Send the message at the stamp.</summary>
    Midi,

    /// <summary>Forget every note-on of the machine that is due after the stamp and not yet sent, and their note-offs.</summary>
    Withdraw,

    /// <summary>At the stamp: forget everything pending, release every sounding note of the machine and lift its pedal.</summary>
    Release,
}
