using System.Globalization;
using MusicRnn.Midi;
using MusicRnn.Notes;

namespace MusicRnn.Performance;

/// <summary>A continuation as a MIDI file: the seed's track and the machine's, on the seed's bars and tempos.</summary>
public static class ContinuationFile
{
    private const int Division = 24_960; // a multiple of 96, 120, 192, 384, 480 and 960: the seed's own ticks stay whole

    /// <summary>Writes it.</summary>
    /// <param name="continuation">The continuation.</param>
    /// <param name="seed">The file that the seed was read from, for its tempos and time signatures.</param>
    /// <param name="program">The program that the seed sounds with, 0-127.</param>
    /// <param name="answerFrom">When a file of the answer alone begins, in nanoseconds from the seed's start; null for both tracks, from that start.</param>
    /// <param name="path">The file to write.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be.</exception>
    public static void Write(Continuation continuation, MidiFile seed, int program, long? answerFrom, string path)
    {
        bool onlyAnswer = answerFrom is not null;
        long zero = answerFrom ?? 0;
        var file = new MidiFileWriter(Division, seed.Tempos.Where(tempo => tempo.Time <= zero).Select(tempo => tempo.Quarter).LastOrDefault(500_000));
        MidiTrackWriter track = file.AddTrack(onlyAnswer ? "Machine" : "Player");
        foreach (string line in Lines(continuation.Take.Header))
        {
            track.AddText(0, TextKind.Text, line);
        }

        var events = new List<(long Time, Action Add)>();
        foreach (TempoChange tempo in seed.Tempos.Where(tempo => tempo.Time > zero && tempo.Time <= continuation.SeedEnd))
        {
            events.Add((tempo.Time, () => track.AddTempo(tempo.Time - zero, tempo.Quarter)));
        }

        TimeSignature[] signatures = [.. seed.TimeSignatures.Where(signature => signature.Time <= continuation.SeedEnd)];
        foreach (TimeSignature signature in onlyAnswer ? signatures.TakeLast(1) : signatures)
        {
            events.Add((signature.Time, () => track.AddTimeSignature(signature.Time - zero, signature.Numerator, signature.Denominator)));
        }

        if (!onlyAnswer)
        {
            int channel = continuation.Take.Header.Settings.PlayerChannel;
            track.Add(0, MidiMessage.Program(channel, program));
            events.AddRange(NoteWriter.ToMessages(continuation.Seed, channel).Select(item => (item.Time, (Action)(() => track.Add(item.Time, item.Message)))));
        }

        foreach ((_, Action add) in events.OrderBy(item => item.Time))
        {
            add();
        }

        MidiTrackWriter machine = onlyAnswer ? track : file.AddTrack("Machine");
        foreach (TimedMessage message in continuation.Take.Machine)
        {
            machine.Add(message.Stamp - zero, message.Message);
        }

        file.Write(path);
    }

    private static IEnumerable<string> Lines(TakeHeader header)
    {
        yield return $"MusicRnn {header.Version} continuation";
        yield return $"model = {header.ModelHash}";
        yield return string.Create(CultureInfo.InvariantCulture, $"seed = {header.Settings.Seed}");
        ParameterTable table = header.ToTable();
        foreach (int index in (int[])[ParameterTable.Temperature, ParameterTable.TopP, ParameterTable.TimeScale, ParameterTable.VelocityScale])
        {
            yield return $"{ParameterTable.Rows[index].Id} = {ParameterTable.Rows[index].Format(table[index])}";
        }
    }
}
