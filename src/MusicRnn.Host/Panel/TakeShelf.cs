using System.Collections.Concurrent;
using System.Globalization;
using MusicRnn.Midi;
using MusicRnn.Notes;
using MusicRnn.Performance;

namespace MusicRnn.Host.Panel;

/// <summary>The takes that pages are shown. A page names one by its name, which is looked up among those that are there: no path comes in.</summary>
/// <param name="folder">Gives where they are kept now.</param>
internal sealed class TakeShelf(Func<TakeFolder> folder)
{
    private const int Most = 100;
    private const string Extension = ".mid";
    private const string NameFormat = "yyyy-MM-dd HH.mm.ss";
    private readonly ConcurrentDictionary<string, (DateTime Written, KeptTake? Take)> _known = new();

    /// <summary>The latest takes, the latest first.</summary>
    public IReadOnlyList<KeptTake> List()
    {
        var takes = new List<KeptTake>();
        foreach (string file in folder().MidiFiles.Reverse().Take(Most))
        {
            if (Read(file) is { } take)
            {
                takes.Add(take);
            }
        }

        return takes;
    }

    /// <summary>The take of a name, or null.</summary>
    public KeptTake? Find(string name) => List().FirstOrDefault(take => take.Name == name);

    /// <summary>Keeps what was played lately as a file of its own: to be heard and carried on from, not to be replayed, for which the machine would have to remember what came before.</summary>
    /// <param name="stage">What plays.</param>
    /// <param name="messages">What was played, in order of time; not empty.</param>
    /// <param name="now">The stamp now.</param>
    /// <param name="began">The wall clock's time of the first message.</param>
    /// <returns>Its name, or null where nobody played.</returns>
    /// <exception cref="IOException">It cannot be written.</exception>
    public string? Keep(Stage stage, IReadOnlyList<TimedMessage> messages, long now, DateTimeOffset began)
    {
        var file = new MidiFileWriter();
        MidiTrackWriter player = file.AddTrack("Player"), machine = file.AddTrack("Machine");
        player.AddText(0, TextKind.Text, TakeFile.KeptTitle);
        player.AddText(0, TextKind.Text, $"model = {stage.Network.Hash}");
        int playerChannel = stage.Settings.Midi.PlayerChannel - 1, machineChannel = stage.Settings.Midi.MachineChannel - 1;
        machine.Add(0, MidiMessage.Program(machineChannel, stage.Session.Parameters.Step(ParameterTable.Program)));
        if (Add(player, playerChannel) + Add(machine, machineChannel) == 0)
        {
            return null;
        }

        string name = began.ToString(NameFormat, CultureInfo.InvariantCulture) + " kept";
        Directory.CreateDirectory(folder().Path);
        file.Write(Path.Combine(folder().Path, name + Extension));
        return name;

        int Add(MidiTrackWriter track, int channel)
        {
            var reader = new NoteReader((ushort)(1 << channel));
            foreach (TimedMessage message in messages)
            {
                reader.Receive(message.Stamp - messages[0].Stamp, message.Message);
            }

            Piece piece = reader.ToPiece(now - messages[0].Stamp);
            foreach ((long time, MidiMessage message) in NoteWriter.ToMessages(piece, channel))
            {
                track.Add(time, message);
            }

            return piece.Notes.Count;
        }
    }

    private KeptTake? Read(string file)
    {
        DateTime written = File.GetLastWriteTimeUtc(file);
        if (_known.TryGetValue(file, out (DateTime Written, KeptTake? Take) known) && known.Written == written)
        {
            return known.Take;
        }

        KeptTake? kept = null;
        try
        {
            MidiFile midi = MidiFile.Read(file);
            string name = Path.GetFileName(file);
            DateTimeOffset began = name.Length >= NameFormat.Length
                && DateTime.TryParseExact(name[..NameFormat.Length], NameFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out DateTime named) ? named : written;
            long length = TakeFile.IsTake(midi) ? TakeFile.Of(midi, file).FindLength() : midi.Messages.Count == 0 ? 0 : midi.Messages[^1].Time;
            kept = new KeptTake(file, began, length / 1e9, Notes(midi, 0), Notes(midi, 1));
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            // A file of another kind: not shown.
        }

        _known[file] = (written, kept);
        return kept;
    }

    private static int Notes(MidiFile file, int track) => file.Messages.Count(item => item.Track == track && item.Message.IsNoteOn);
}
