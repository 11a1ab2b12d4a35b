namespace MusicRnn.Model;

/// <summary>What followed the last time that the music went as it goes now.</summary>
/// <param name="Pitch">Pitch index of the note that followed the same pitches.</param>
/// <param name="Length">How well the pitches agree, 1-15; 0 if there is no such place.</param>
/// <param name="MovedPitch">Pitch index that follows if the music goes on by the intervals that followed the same intervals.</param>
/// <param name="MovedLength">How well the intervals agree, 1-15; 0 if there is no such place.</param>
/// <param name="StepRow">Row by which the step that followed conditions the step head.</param>
public readonly record struct Repeat(byte Pitch, byte Length, byte MovedPitch, byte MovedLength, ushort StepRow)
{
    /// <summary>Classes of length: none, and 1-15.</summary>
    public const int Lengths = RepeatFinder.Longest + 1;

    /// <summary>
    /// Logits by level, in six groups: for each pitch by how well the best place agrees that expects it, at the same
    /// pitch and moved; for the two pitches that the best places of all expect; and for each pitch by how lately it was struck, and by
    /// how often its class came.
    /// </summary>
    public const int Logits = 6 * Lengths;

    /// <summary>Rows by which the repeat conditions the step.</summary>
    public const int StepRows = (LengthGroups * Grid.Bins) + 1;

    /// <summary>Rows by which the expected pitch is told to the LSTM.</summary>
    public const int PitchRows = (LengthGroups * NoteEncoding.Pitches) + 1;

    private const int LengthGroups = 5;

    /// <summary>Nothing is repeated.</summary>
    public static Repeat None { get; } = new(0, 0, 0, 0, StepRows - 1);

    /// <summary>The row of the expected pitch.</summary>
    public int PitchRow => Length > 0 ? (Group(Length) * NoteEncoding.Pitches) + Pitch : PitchRows - 1;

    /// <summary>The row for a step that followed.</summary>
    public static int StepRowOf(int length, int stepBin) => (Group(length) * Grid.Bins) + stepBin;

    private static int Group(int length) => length < 2 ? 0 : length < 4 ? 1 : length < 8 ? 2 : length < 15 ? 3 : 4;
}
