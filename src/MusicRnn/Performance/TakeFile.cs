using System.Globalization;
using MusicRnn.Midi;

namespace MusicRnn.Performance;

/// <summary>
/// A take as a MIDI file: the player's track and the machine's. Text events name the model, the seed and every change of a
/// parameter; sequencer-specific events hold the input to the nanosecond, so that the file alone can be played again.
/// </summary>
public static class TakeFile
{
    /// <summary>What the text of a file begins with that keeps what was played lately, and not a performance from its beginning.</summary>
    public const string KeptTitle = "kept after the fact";

    private const string Title = "MusicRnn take";
    private const int RecordsInEvent = 128;
    private static readonly byte[] Mark = [0x7D, (byte)'M', (byte)'R', (byte)'N', 1]; // 0x7D: a manufacturer's number for no manufacturer

    /// <summary>Writes a take, by way of a file beside it, so that a kill leaves none or the whole.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(Take take, string path)
    {
        var file = new MidiFileWriter();
        long zero = take.FindZero();
        WritePlayer(file.AddTrack("Player"), take, zero);
        MidiTrackWriter machine = file.AddTrack("Machine");
        foreach (TimedMessage message in take.Machine)
        {
            machine.Add(message.Stamp - zero, message.Message);
        }

        file.Write(path);
    }

    /// <summary>Reads a take. Its machine's stamps are the nearest 20 microseconds.</summary>
    /// <exception cref="InvalidDataException">It is no MIDI file, or no take: the message says what is missing.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static Take Read(string path) => Of(MidiFile.Read(path), path);

    /// <summary>Whether a MIDI file is a take.</summary>
    public static bool IsTake(MidiFile file) => file.Texts.FirstOrDefault(text => text.Kind == TextKind.Text).Text == Title;

    /// <summary>The take that a MIDI file is. Its machine's stamps are the nearest 20 microseconds.</summary>
    /// <param name="file">The file.</param>
    /// <param name="path">What it is called.</param>
    /// <exception cref="InvalidDataException">It is no take: the message says what is missing.</exception>
    public static Take Of(MidiFile file, string path)
    {
        string[] lines = [.. file.Texts.Where(text => text.Kind == TextKind.Text).Select(text => text.Text)];
        if (!IsTake(file))
        {
            throw new InvalidDataException(lines is [KeptTitle, ..]
                ? $"{path} was {KeptTitle}: it can be heard and carried on from (musicrnn continue), but what came before it is not there, so it is not replayed or cut."
                : $"{path} is no take of this instrument: it does not begin with the text \"{Title}\".");
        }

        TakeHeader header = TakeHeader.Parse(lines, path);
        long zero = Stamp("zero"), end = Stamp("end");
        var inputs = new List<InputEvent>();
        foreach (TrackData data in file.Data.Where(data => data.Data.AsSpan().StartsWith(Mark)))
        {
            for (int at = Mark.Length; at + InputRecord.Size <= data.Data.Length; at += InputRecord.Size)
            {
                inputs.Add(header.Translate(InputRecord.Read(data.Data.AsSpan(at))));
            }
        }

        for (int i = 1; i < inputs.Count; i++)
        {
            if (inputs[i].Stamp < inputs[i - 1].Stamp)
            {
                throw new InvalidDataException($"{path} is damaged: its input goes back in time at event {i}.");
            }
        }

        return new Take(header, inputs, [.. file.Messages.Where(item => item.Track == 1).Select(item => new TimedMessage(zero + item.Time, item.Message))], end);

        long Stamp(string key)
        {
            string prefix = key + " = ";
            string? line = lines.FirstOrDefault(line => line.StartsWith(prefix, StringComparison.Ordinal));
            return line is not null && long.TryParse(line.AsSpan(prefix.Length), CultureInfo.InvariantCulture, out long stamp) ? stamp
                : throw new InvalidDataException($"{path} is no take of this instrument: it does not say its {key}.");
        }
    }

    private static void WritePlayer(MidiTrackWriter track, Take take, long zero)
    {
        track.AddText(0, TextKind.Text, Title);
        foreach (string line in take.Header.ToLines())
        {
            track.AddText(0, TextKind.Text, line);
        }

        track.AddText(0, TextKind.Text, string.Create(CultureInfo.InvariantCulture, $"zero = {zero}"));
        track.AddText(0, TextKind.Text, string.Create(CultureInfo.InvariantCulture, $"end = {take.End}"));
        ParameterTable table = take.Header.ToTable();
        var player = new PlayerTrack(track, take.Header.Settings.PlayerChannel);
        for (int i = 0; i < take.Inputs.Count; i++)
        {
            InputEvent input = take.Inputs[i];
            long time = input.Stamp - zero;
            if (i % RecordsInEvent == 0)
            {
                WriteRecords(track, time, take.Inputs.Skip(i).Take(RecordsInEvent));
            }

            if (input.Kind == InputKind.Parameter && table.Set(input.Parameter, input.Value))
            {
                track.AddText(time, TextKind.Text, $"{ParameterTable.Rows[input.Parameter].Id} = {table.Describe(input.Parameter).Format(input.Value)}");
            }

            player.Add(time, input);
        }

        player.End(take.End - zero);
    }

    private static void WriteRecords(MidiTrackWriter track, long time, IEnumerable<InputEvent> inputs)
    {
        byte[] data = new byte[Mark.Length + (RecordsInEvent * InputRecord.Size)];
        Mark.CopyTo(data, 0);
        int at = Mark.Length;
        foreach (InputEvent input in inputs)
        {
            InputRecord.Write(data.AsSpan(at), input);
            at += InputRecord.Size;
        }

        track.AddData(time, data.AsSpan(0, at));
    }

    /// <summary>Writes what the player played so that it can be played: no key hangs where an input was lost, and no program change meant for the machine.</summary>
    private sealed class PlayerTrack(MidiTrackWriter track, int channel)
    {
        private readonly bool[] _held = new bool[128];
        private bool _pedal;

        public void Add(long time, in InputEvent input)
        {
            if (input.Kind == InputKind.InputLost)
            {
                End(time);
            }

            MidiMessage message = input.Message.OnChannel(channel);
            if (message.Kind is MidiKind.None or MidiKind.ProgramChange || (message.IsNoteOff && !_held[message.Data1]))
            {
                return;
            }

            if (message.IsNoteOn && _held[message.Data1])
            {
                track.Add(time, MidiMessage.NoteOff(channel, message.Data1));
            }

            if (message.IsNoteOn || message.IsNoteOff)
            {
                _held[message.Data1] = message.IsNoteOn;
            }
            else if (message.IsControl(Controller.Sustain))
            {
                _pedal = message.Data2 > 0;
            }

            track.Add(time, message);
        }

        public void End(long time)
        {
            for (int pitch = 0; pitch < _held.Length; pitch++)
            {
                if (_held[pitch])
                {
                    track.Add(time, MidiMessage.NoteOff(channel, pitch));
                    _held[pitch] = false;
                }
            }

            if (_pedal)
            {
                track.Add(time, MidiMessage.Control(channel, Controller.Sustain, 0));
                _pedal = false;
            }
        }
    }
}
