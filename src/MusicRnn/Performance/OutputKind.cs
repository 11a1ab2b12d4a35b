namespace MusicRnn.Performance;

/// <summary>What an <see cref="OutputEvent"/> asks of an output.</summary>
public enum OutputKind : byte
{
    /// <summary>Send the message at the stamp.</summary>
    Midi,

    /// <summary>Forget every note-on of the machine that is due after the stamp and not yet sent, their note-offs, and the moves of its pedal due after it.</summary>
    Withdraw,

    /// <summary>At the stamp: forget the notes and pedal moves pending from then on, release every sounding note of the machine and lift its pedal.
    /// What is emitted after it is not touched.</summary>
    Release,
}
