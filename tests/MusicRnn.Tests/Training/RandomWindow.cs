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
            window.PedalDown[i] = (byte)random.Next(2);
            window.PedalClass[i] = (sbyte)random.Next(-1, NoteEncoding.PedalClasses);
            window.Interval[i] = (byte)random.Next(NoteEncoding.IntervalRows);
            window.Start[i] = random.Next(9) == 0;
            window.SoundingCount[i] = (byte)random.Next(6);
            for (int k = 0; k < NoteWindow.MostSounding; k++)
            {
                window.Sounding[(i * NoteWindow.MostSounding) + k] = (ushort)random.Next(NoteEncoding.SoundingRows);
            }

            for (int k = 0; k < NoteEncoding.Recent; k++)
            {
                window.Recent[(i * NoteEncoding.Recent) + k] = random.Next(5) == 0 ? NoteWindow.NoNote : (byte)random.Next(NoteEncoding.Pitches);
            }
        }

        return window;
    }
}
