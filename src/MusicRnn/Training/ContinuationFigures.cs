using System.Globalization;
using MusicRnn.Notes;

namespace MusicRnn.Training;

/// <summary>How answers compare with how the pieces really go on.</summary>
/// <param name="Seeds">How many were compared.</param>
/// <param name="Overlaps">By feature: the mean share that two distributions over 64 notes have in common, 0-1.</param>
/// <param name="Repeated">The share of groups of four successive pitches that came before in the same 128 notes: in the answers, and in the true continuations.</param>
/// <param name="InKey">The share of notes in the scale of the seed's key: of the answers, of the true continuations, and of those of other pieces; null where there was no other.</param>
/// <param name="InKeyAtFirst">The same share of their first 32 notes alone: what is less later has drifted away.</param>
/// <param name="NotesPerSecond">The median over seeds of notes a second: of the answers, and of the true continuations.</param>
/// <param name="Densest">The most notes within 300 ms in any answer, and in any true continuation.</param>
/// <param name="TwiceAsDense">The share that has more than twice as many notes a second as what was played before: of the answers, and of the true continuations.</param>
/// <param name="Answers">What was counted in the answers.</param>
/// <param name="Truth">What was counted in the true continuations.</param>
public sealed record ContinuationFigures(
    int Seeds,
    IReadOnlyList<FeatureOverlap> Overlaps,
    (double Answer, double Truth) Repeated,
    (double Answer, double Truth, double? Shuffled) InKey,
    (double Answer, double Truth) InKeyAtFirst,
    (double Answer, double Truth) NotesPerSecond,
    (int Answer, int Truth) Densest,
    (double Answer, double Truth) TwiceAsDense,
    NoteCounts Answers,
    NoteCounts Truth)
{
    /// <summary>The figures by stable keys, in their order; null where there is none.</summary>
    public IEnumerable<(string Key, double? Value)> Values
    {
        get
        {
            yield return ("seeds", Seeds);
            foreach (FeatureOverlap overlap in Overlaps)
            {
                yield return ($"overlap.{overlap.Feature}.answer", overlap.Answer);
                yield return ($"overlap.{overlap.Feature}.halves", overlap.Halves);
                yield return ($"overlap.{overlap.Feature}.shuffled", overlap.Shuffled);
            }

            yield return ("repeated.answer", Repeated.Answer);
            yield return ("repeated.truth", Repeated.Truth);
            yield return ("inKey.answer", InKey.Answer);
            yield return ("inKey.truth", InKey.Truth);
            yield return ("inKey.shuffled", InKey.Shuffled);
            yield return ("inKeyAtFirst.answer", InKeyAtFirst.Answer);
            yield return ("inKeyAtFirst.truth", InKeyAtFirst.Truth);
            yield return ("notesPerSecond.answer", NotesPerSecond.Answer);
            yield return ("notesPerSecond.truth", NotesPerSecond.Truth);
            yield return ("densest.answer", Densest.Answer);
            yield return ("densest.truth", Densest.Truth);
            yield return ("twiceAsDense.answer", TwiceAsDense.Answer);
            yield return ("twiceAsDense.truth", TwiceAsDense.Truth);
        }
    }

    /// <summary>The figures as rows of a table: what it is, the answers', the true continuations', the shuffled pairs'.</summary>
    public IEnumerable<string[]> Rows =>
    [
        .. Overlaps.Select(overlap => (string[])[$"overlap of {overlap.Feature}", Text(overlap.Answer), Text(overlap.Halves), Text(overlap.Shuffled)]),
        ["repeated groups of four", Text(Repeated.Answer), Text(Repeated.Truth), ""],
        ["notes in the seed's key", Text(InKey.Answer), Text(InKey.Truth), Text(InKey.Shuffled)],
        ["of the first 32 notes", Text(InKeyAtFirst.Answer), Text(InKeyAtFirst.Truth), ""],
        ["notes a second, median", Text(NotesPerSecond.Answer), Text(NotesPerSecond.Truth), ""],
        ["twice as dense as the seed", Text(TwiceAsDense.Answer), Text(TwiceAsDense.Truth), ""],
        ["most notes within 300 ms", Densest.Answer.ToString(CultureInfo.InvariantCulture), Densest.Truth.ToString(CultureInfo.InvariantCulture), ""],
    ];

    private static string Text(double? value) => value?.ToString("F3", CultureInfo.InvariantCulture) ?? "";
}
