using MusicRnn.Midi;
using MusicRnn.Notes;

namespace MusicRnn.Performance;

/// <summary>A part of a take as a MIDI file of its own: what was played there by either, to be heard, not to be replayed, for which the machine would have to remember what came before.</summary>
public static class TakeCut
{
    /// <summary>Writes a part.</summary>
    /// <param name="take">The take's file.</param>
    /// <param name="from">Where it begins, in nanoseconds from the file's beginning; notes struck before are left out.</param>
    /// <param name="to">Where it ends; notes struck before are released there.</param>
    /// <param name="path">The file to write.</param>
    /// <returns>The number of notes written, the player's and the machine's.</returns>
    /// <exception cref="InvalidDataException">The take is no take.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public static (int Player, int Machine) Write(string take, long from, long to, string path)
    {
        TakeHeader header = TakeFile.Read(take).Header;
        var whole = MidiFile.Read(take);
        var file = new MidiFileWriter();
        MidiTrackWriter player = file.AddTrack("Player");
        player.AddText(0, TextKind.Text, $"cut from {Path.GetFileName(take)}");
        player.AddText(0, TextKind.Text, $"model = {header.ModelHash}");
        int played = Add(player, 0, header.Settings.PlayerChannel);
        int answered = Add(file.AddTrack("Machine"), 1, header.Settings.MachineChannel);
        file.Write(path);
        return (played, answered);

        int Add(MidiTrackWriter track, int number, int channel)
        {
            TrackMessage[] programs = [.. whole.Messages.Where(item => item.Track == number && item.Time < to && item.Message.Kind == MidiKind.ProgramChange)];
            foreach (TrackMessage program in programs.Where(item => item.Time <= from).TakeLast(1))
            {
                track.Add(0, program.Message);
            }

            Piece piece = Cut(NoteReader.Read(whole, ushort.MaxValue, number), from, to);
            foreach ((long time, MidiMessage message) in NoteWriter.ToMessages(piece, channel)
                .Concat(programs.Where(item => item.Time > from).Select(item => (Time: item.Time - from, item.Message)))
                .OrderBy(item => item.Time))
            {
                track.Add(time, message);
            }

            return piece.Notes.Count;
        }
    }

    private static Piece Cut(Piece piece, long from, long to)
    {
        Piece part = piece.Between(from, to);
        var pedal = part.Pedal.Select(change => change with { Time = change.Time - from }).ToList();
        if (pedal is [.., { Down: true }])
        {
            pedal.Add(new PedalChange(to - from, false));
        }

        return new Piece([.. part.Notes.Select(note => note with { Onset = note.Onset - from, Duration = Math.Min(note.Release, to) - note.Onset })], pedal);
    }
}
