using MusicRnn.Midi;

namespace MusicRnn.Performance;

/// <summary>A performance as it was played: enough to hear it, and to play it again note for note.</summary>
/// <param name="Header">How it began.</param>
/// <param name="Inputs">Everything that the improviser took in, ordered by stamp. Empty where the file does not hold it any more.</param>
/// <param name="Machine">What was heard of the machine, ordered by stamp.</param>
/// <param name="End">The stamp it ended at.</param>
public sealed record Take(TakeHeader Header, IReadOnlyList<InputEvent> Inputs, IReadOnlyList<TimedMessage> Machine, long End)
{
    private const long LeadIn = 1_000_000_000;

    /// <summary>The number of notes that the player played.</summary>
    public int PlayerNotes => Inputs.Count(IsNote);

    /// <summary>The number of notes that the machine played.</summary>
    public int MachineNotes => Machine.Count(message => message.Message.IsNoteOn);

    /// <summary>The stamp that the take's file begins at: its start, or where nobody played for long, a second before the first note.</summary>
    /// <remarks>Looks at every event.</remarks>
    public long FindZero()
    {
        long first = Inputs.Where(IsNote).Select(input => input.Stamp)
            .Concat(Machine.Where(message => message.Message.IsNoteOn).Select(message => message.Stamp))
            .DefaultIfEmpty(Header.Start).Min();
        return Math.Max(Header.Start, first - LeadIn);
    }

    /// <summary>How long it is, in nanoseconds: from its file's beginning to the last that either played. A session goes on for a while after that.</summary>
    /// <remarks>Looks at every event.</remarks>
    public long FindLength()
    {
        long zero = FindZero();
        return Inputs.Where(input => input.Kind == InputKind.Midi && input.Message.Kind != MidiKind.ProgramChange).Select(input => input.Stamp)
            .Concat(Machine.Select(message => message.Stamp))
            .DefaultIfEmpty(zero).Max() - zero;
    }

    private static bool IsNote(InputEvent input) => input.Kind == InputKind.Midi && input.Message.IsNoteOn;
}
