using MusicRnn.Model;
using MusicRnn.Training;

namespace MusicRnn.Tests.Training;

/// <summary>Windows full of arbitrary notes: they touch every table and class.</summary>
internal static class RandomWindow
{
    public static NoteWindow Make(int steps, int streams, int seed)
    {
        var random = new Random(seed);
        var window = new NoteWindow(steps, streams);
        for (int i = 0; i < (steps + 1) * streams; i++)
        {
            window.Step[i] = (byte)random.Next(Grid.Bins);
            window.Pitch[i] = (byte)random.Next(NoteEncoding.Pitches);
            window.Velocity[i] = (byte)random.Next(NoteEncoding.Velocities);
            window.Duration[i] = (byte)random.Next(1, Grid.Bins);
            window.PedalClass[i] = (sbyte)random.Next(-1, NoteEncoding.PedalClasses);
            window.Start[i] = random.Next(9) == 0;
            window.RowCount[i] = (byte)random.Next(NoteContext.MostRows + 1);
            for (int k = 0; k < NoteContext.MostRows; k++)
            {
                window.Rows[(i * NoteContext.MostRows) + k] = (ushort)random.Next(InputTable.All.Sum(table => table.Rows));
            }

            window.Repeat[i] = new Repeat(
                (byte)random.Next(NoteEncoding.Pitches), (byte)random.Next(Repeat.Lengths), (byte)random.Next(NoteEncoding.Pitches),
                (byte)random.Next(Repeat.Lengths), (ushort)random.Next(Repeat.StepRows));
            window.Neighbours[i] = new Neighbours(
                Velocity(), Velocity(), Duration(), Duration(), Duration(), Velocity(), Duration());
            for (int k = 0; k < NoteEncoding.Recent; k++)
            {
                window.Recent[(i * NoteEncoding.Recent) + k] = random.Next(5) == 0 ? NoteWindow.NoNote : (byte)random.Next(NoteEncoding.Pitches);
            }
        }

        foreach (byte[] levels in (byte[][])[window.Votes, window.StepLevels, window.DurationLevels])
        {
            foreach (ref byte level in levels.AsSpan())
            {
                level = (byte)random.Next(Repeat.Lengths);
            }
        }

        for (int i = 0; i < window.Onset.Length; i++)
        {
            int before = i < streams ? 0 : window.Onset[i - streams];
            window.Onset[i] = before + (random.Next(4) == 0 ? 0 : random.Next(1, 40)); // now and then notes at once
            window.Release[i] = window.Onset[i] + random.Next(1, 81);
        }

        return window;

        ushort Velocity() => (ushort)random.Next(Neighbours.VelocityRows);
        ushort Duration() => (ushort)random.Next(Neighbours.DurationRows);
    }
}
