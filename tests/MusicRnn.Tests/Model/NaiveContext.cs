using MusicRnn.Model;
using MusicRnn.Training;

namespace MusicRnn.Tests.Model;

/// <summary>What the network is told around each note of a list, looked up in the whole list anew for each: the slow, obvious form of <see cref="NoteContext"/>.</summary>
internal sealed class NaiveContext(IReadOnlyList<StruckNote> notes)
{
    /// <summary>A tune of arbitrary notes on a few keys, so that keys are struck again and passages come back.</summary>
    public static List<StruckNote> Tune(int length, int seed)
    {
        var random = new Random(seed);
        var tune = new List<StruckNote>();
        int frame = 0;
        for (int i = 0; i < length; i++)
        {
            frame += random.Next(12) == 0 ? 0 : random.Next(1, 60);
            bool again = i > 40 && i % 40 < 25; // two thirds repeat what was played 40 notes ago, now and then moved
            int pitch = again ? tune[i - 40].Pitch + (i / 40 % 3 == 0 ? 2 : 0) : random.Next(30, 90);
            tune.Add(new StruckNote(frame, random.Next(1, 80), pitch, random.Next(1, 128), random.Next(2) == 0));
        }

        return [.. tune.OrderBy(note => note.Frame).ThenBy(note => note.Pitch).DistinctBy(note => (note.Frame, note.Pitch))];
    }

    public List<int> RowsOf(int i)
    {
        StruckNote note = notes[i];
        int pitch = Index(i), frame = note.Frame, before = i == 0 ? -1 : notes[i - 1].Frame;
        List<int> rows =
        [
            InputTable.Step.Row(NoteEncoding.StepRow(StepOf(i))), InputTable.Pitch.Row(pitch), InputTable.Velocity.Row(NoteEncoding.VelocityIndex(note.Velocity)),
            InputTable.Pedal.Row(note.PedalDown ? 1 : 0), InputTable.Interval.Row(NoteEncoding.IntervalRow(i == 0 ? -1 : Index(i - 1), pitch)),
        ];
        for (int j = 0; j < i; j++)
        {
            int end = EndOf(j, i);
            bool isStruckAgain = Index(j) == pitch && EndOf(j, i - 1) > frame;
            if (end > frame)
            {
                rows.Add(InputTable.Sounding.Row(NoteEncoding.SoundingRow(Index(j), frame - notes[j].Frame)));
            }
            else if (end > before || isStruckAgain)
            {
                rows.Add(InputTable.Released.Row(NoteEncoding.ReleasedRow(Index(j), end - notes[j].Frame)));
                rows.Add(InputTable.Held.Row(Grid.BinOf(end - notes[j].Frame)));
                rows.Add(InputTable.Ago.Row(Grid.BinOf(frame - end)));
            }
        }

        Repeat repeat = RepeatBefore(i + 1);
        rows.Add(InputTable.RepeatedPitch.Row(repeat.PitchRow));
        rows.Add(InputTable.RepeatedStep.Row(repeat.StepRow));
        return rows;
    }

    public Neighbours NeighboursOf(int i)
    {
        if (i == 0)
        {
            return Neighbours.None;
        }

        int now = notes[i - 1].Frame;
        (int Distance, int Side, int Level, bool IsUp, int Frames)[] near =
        [
            .. Enumerable.Range(0, NoteEncoding.Pitches).Select(key => (Key: key, Last: Enumerable.Range(0, i).LastOrDefault(j => Index(j) == key, -1)))
                .Where(item => item.Last >= 0 && i - item.Last <= 32 && Math.Abs(item.Key - Index(i)) <= Neighbours.Farthest)
                .Select(item =>
                {
                    StruckNote last = notes[item.Last];
                    int end = EndOf(item.Last, i - 1);
                    bool isUp = end <= now;
                    return (Math.Abs(item.Key - Index(i)), item.Key > Index(i) ? 1 : 0, NoteEncoding.VelocityIndex(last.Velocity), isUp, (isUp ? end : now) - last.Frame);
                }).OrderBy(item => item.Item1).ThenBy(item => item.Item2),
        ];
        Neighbours none = Neighbours.None;
        (int lag, int agreement) = Agreements(i - 1, 0, Index).Where(item => Index(i - item.Lag) == Index(i)).OrderByDescending(item => item.Length).ThenBy(item => item.Lag).FirstOrDefault();
        int place = i - lag, placeEnd = agreement == 0 ? 0 : EndOf(place, i - 1);
        return new Neighbours(
            near.Where(item => item.Side == 0).Select(item => Neighbours.VelocityRow(0, item.Distance, item.Level)).FirstOrDefault(none.VelocityBelow),
            near.Where(item => item.Side == 1).Select(item => Neighbours.VelocityRow(1, item.Distance, item.Level)).FirstOrDefault(none.VelocityAbove),
            near.Where(item => item.Side == 0 && item.IsUp).Select(item => Neighbours.DurationRow(0, item.Distance, item.Frames)).FirstOrDefault(none.HeldBelow),
            near.Where(item => item.Side == 1 && item.IsUp).Select(item => Neighbours.DurationRow(1, item.Distance, item.Frames)).FirstOrDefault(none.HeldAbove),
            near.Where(item => !item.IsUp).Select(item => Neighbours.DurationRow(2, item.Distance, item.Frames)).FirstOrDefault(none.Sounding),
            agreement == 0 ? none.VelocityRepeated : Neighbours.RepeatedVelocityRow(agreement, NoteEncoding.VelocityIndex(notes[place].Velocity)),
            agreement == 0 || placeEnd > now ? none.HeldRepeated : Neighbours.RepeatedDurationRow(agreement, placeEnd - notes[place].Frame));
    }

    /// <summary>What was repeated before a note.</summary>
    public Repeat RepeatBefore(int i)
    {
        int last = i - 1;
        (int lag, int length) = Best(Agreements(last, 0, Index));
        (int movedLag, int movedLength) = Best(MovedAgreements(last));
        return length == 0 && movedLength == 0 ? Repeat.None : new Repeat(
            length == 0 ? (byte)0 : (byte)Index(i - lag), (byte)length,
            movedLength == 0 ? (byte)0 : (byte)Moved(last, movedLag), (byte)movedLength,
            (ushort)Repeat.StepRowOf(Math.Max(length, movedLength), Grid.BinOf(StepOf(i - (length >= movedLength ? lag : movedLag)))));
    }

    /// <summary>What the past says of each pitch, before a note.</summary>
    public byte[] VotesBefore(int i)
    {
        byte[] votes = new byte[NoteContext.VoteCount];
        if (i == 0)
        {
            return votes;
        }

        foreach ((int lag, int length) in Agreements(i - 1, 0, Index))
        {
            votes[Index(i - lag)] = (byte)Math.Max(votes[Index(i - lag)], length);
        }

        foreach ((int lag, int length) in MovedAgreements(i - 1))
        {
            int at = NoteEncoding.Pitches + Moved(i - 1, lag);
            votes[at] = (byte)Math.Max(votes[at], length);
        }

        double[] heard = new double[12];
        for (int j = 0; j < i; j++)
        {
            heard = [.. heard.Select((often, pitchClass) => (often * 0.99) + (Index(j) % 12 == pitchClass ? 1 : 0))];
        }

        for (int pitch = 0; pitch < NoteEncoding.Pitches; pitch++)
        {
            int last = Enumerable.Range(0, i).LastOrDefault(j => Index(j) == pitch, -1);
            votes[(2 * NoteEncoding.Pitches) + pitch] = last < 0 ? (byte)0 : NoteEncoding.RecencyLevel(i - 1 - last);
            votes[(3 * NoteEncoding.Pitches) + pitch] = NoteEncoding.FrequencyLevel(heard[pitch % 12] / heard.Max());
        }

        return votes;
    }

    /// <summary>How often each step came of late, before a note.</summary>
    public byte[] StepLevelsBefore(int i) => LevelsOf(Enumerable.Range(1, Math.Max(0, i - 1)).Select(StepOf));

    /// <summary>How often each duration came of late, before a note: of the keys that were up when the one before it was struck, as they came up, note by note, from the left of the keyboard.</summary>
    public byte[] DurationLevelsBefore(int i) => LevelsOf(Enumerable.Range(1, Math.Max(0, i - 1)).SelectMany(now => Enumerable.Range(0, now)
        .Where(j => EndOf(j, now) <= notes[now].Frame && (EndOf(j, now - 1) > notes[now - 1].Frame || j == now - 1)).OrderBy(Index).Select(j => EndOf(j, now) - notes[j].Frame)));

    public NoteWindow ToWindow()
    {
        var window = new NoteWindow(notes.Count - 1, 1);
        for (int i = 0; i < notes.Count; i++)
        {
            StruckNote note = notes[i];
            window.Start[i] = i == 0;
            window.Step[i] = (byte)NoteEncoding.StepRow(StepOf(i));
            window.Pitch[i] = (byte)Index(i);
            window.Velocity[i] = (byte)NoteEncoding.VelocityIndex(note.Velocity);
            window.Duration[i] = (byte)Grid.BinOf(note.Duration);
            window.Onset[i] = note.Frame;
            window.Release[i] = note.Frame + note.Duration;
            window.PedalClass[i] = -1;
            window.Repeat[i] = RepeatBefore(i);
            window.Neighbours[i] = NeighboursOf(i);
            VotesBefore(i).CopyTo(window.VotesOf(i));
            StepLevelsBefore(i).CopyTo(window.StepLevelsOf(i));
            DurationLevelsBefore(i).CopyTo(window.DurationLevelsOf(i));
            List<int> rows = RowsOf(i);
            window.RowCount[i] = (byte)rows.Count;
            for (int row = 0; row < rows.Count; row++)
            {
                window.Rows[(i * NoteContext.MostRows) + row] = (ushort)rows[row];
            }

            for (int back = 0; back < NoteEncoding.Recent; back++)
            {
                window.Recent[(i * NoteEncoding.Recent) + back] = i - back < 0 ? NoteWindow.NoNote : (byte)Index(i - back);
            }
        }

        return window;
    }

    public int StepOf(int i) => i == 0 ? NoteInput.Start : notes[i].Frame - notes[i - 1].Frame;

    private static byte[] LevelsOf(IEnumerable<int> times)
    {
        double[] counts = new double[Grid.Bins];
        foreach (int time in times)
        {
            int bin = Grid.BinOf(time);
            counts = [.. counts.Select((count, i) => (count * 0.95) + (Math.Abs(i - bin) switch { 0 => 1, 1 => 0.5, 2 => 0.25, _ => 0 }))];
        }

        return counts.Max() == 0 ? new byte[Grid.Bins] : [.. counts.Select(count => NoteEncoding.FrequencyLevel(count / counts.Max()))];
    }

    private static (int Lag, int Length) Best(IEnumerable<(int Lag, int Length)> agreements) =>
        agreements.OrderByDescending(item => item.Length).ThenBy(item => item.Lag).FirstOrDefault();

    private static IEnumerable<(int Lag, int Length)> Agreements(int last, int first, Func<int, int> symbol)
    {
        for (int lag = 1; lag <= last - first; lag++)
        {
            int length = 0;
            for (int j = first + lag; j <= last; j++)
            {
                length = symbol(j) == symbol(j - lag) ? Math.Min(RepeatFinder.Longest, length + 1) : length / 2;
            }

            if (length > 0)
            {
                yield return (lag, length);
            }
        }
    }

    /// <summary>Of those places after which the music, moved, stays on the piano.</summary>
    private IEnumerable<(int Lag, int Length)> MovedAgreements(int last) =>
        Agreements(last, 1, j => Index(j) - Index(j - 1)).Where(item => Moved(last, item.Lag) is >= 0 and < NoteEncoding.Pitches);

    private int Moved(int last, int lag) => Index(last) + Index(last + 1 - lag) - Index(last - lag);

    private int Index(int i) => NoteEncoding.PitchIndex(notes[i].Pitch);

    /// <summary>The frame that a note ends in, as far as the notes up to another tell.</summary>
    private int EndOf(int i, int known)
    {
        int end = notes[i].Frame + notes[i].Duration;
        for (int j = i + 1; j <= known; j++)
        {
            if (notes[j].Pitch == notes[i].Pitch)
            {
                end = Math.Min(end, notes[j].Frame);
            }
        }

        return end;
    }
}
