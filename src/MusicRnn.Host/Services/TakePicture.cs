using System.Globalization;
using MusicRnn.Charts;
using MusicRnn.Midi;
using MusicRnn.Notes;

namespace MusicRnn.Host.Services;

/// <summary>A MIDI file of the player's track and the machine's, or one of them, as a piano roll.</summary>
internal static class TakePicture
{
    /// <summary>Draws it: a voice a track, called as the track is, and where each answer begins.</summary>
    /// <param name="file">The file.</param>
    /// <param name="title">What it is.</param>
    public static PianoRoll Of(MidiFile file, string title)
    {
        PianoRollVoice[] voices =
        [
            .. Enumerable.Range(0, file.TrackCount).Select(track => new PianoRollVoice(Name(file, track), NoteReader.Read(file, ushort.MaxValue, track))),
        ];
        return new PianoRoll(title, voices) { Marks = voices.Length == 2 ? [.. Answers(voices[0].Piece, voices[1].Piece)] : [] };
    }

    private static string Name(MidiFile file, int track) =>
        file.Texts.FirstOrDefault(text => text.Track == track && text.Kind == TextKind.TrackName).Text is { Length: > 0 } name
            ? name : string.Create(CultureInfo.InvariantCulture, $"Track {track + 1}");

    private static IEnumerable<PianoRollMark> Answers(Piece player, Piece machine)
    {
        bool answering = false;
        foreach ((long onset, bool isMachine) in player.Notes.Select(note => (note.Onset, false)).Concat(machine.Notes.Select(note => (note.Onset, true))).Order())
        {
            if (isMachine && !answering)
            {
                yield return new PianoRollMark(onset, "answer");
            }

            answering = isMachine;
        }
    }
}
