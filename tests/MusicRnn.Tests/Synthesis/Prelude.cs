using MusicRnn.Midi;

namespace MusicRnn.Tests.Synthesis;

/// <summary>
/// A real piece, from its chords: the first prelude of the Well-Tempered Clavier (J. S. Bach, BWV 846), with a bass and a melody of other
/// instruments. The pedal goes down and up so that it never holds a key that is struck again.
/// </summary>
internal static class Prelude
{
    private const int Piano = 0;
    private const int Bass = 1;
    private const int Melody = 2;
    private const double Sixteenth = 0.16; // seconds

    // One row a measure: the two notes of the left hand, the three of the right, from low to high.
    private static readonly byte[][] Measures =
    [
        [60, 64, 67, 72, 76], [60, 62, 69, 74, 77], [59, 62, 67, 74, 77], [60, 64, 67, 72, 76],
        [60, 64, 69, 76, 81], [60, 62, 66, 69, 74], [59, 62, 67, 74, 79], [59, 60, 64, 67, 72],
        [57, 60, 64, 67, 72], [50, 57, 62, 66, 72], [55, 59, 62, 67, 71], [55, 58, 64, 67, 73],
        [53, 57, 62, 69, 74], [53, 56, 62, 65, 71], [52, 55, 60, 67, 72], [52, 53, 57, 60, 65],
        [50, 53, 57, 60, 65], [43, 50, 55, 59, 65], [48, 52, 55, 60, 64], [48, 55, 58, 60, 64],
        [41, 53, 57, 60, 64], [42, 48, 57, 60, 63], [44, 53, 59, 60, 62], [43, 53, 55, 59, 62],
        [43, 52, 55, 60, 64], [43, 50, 55, 60, 65], [43, 50, 55, 59, 65], [43, 51, 57, 60, 66],
        [43, 52, 55, 60, 67], [43, 50, 55, 60, 65], [43, 50, 55, 59, 65], [36, 48, 55, 58, 64],
    ];

    /// <summary>Its messages, each at a frame that is a multiple of another synthesiser's block, in order of time.</summary>
    /// <param name="sampleRate">Frames a second.</param>
    /// <param name="measures">1-32.</param>
    /// <param name="alignment">Frames that every message's frame is a multiple of.</param>
    public static (long Frame, MidiMessage Message)[] Messages(int sampleRate, int measures, int alignment = 1)
    {
        List<(double Time, MidiMessage Message)> piece =
        [
            (0, MidiMessage.Program(Piano, 0)),
            (0, MidiMessage.Program(Bass, 32)),
            (0, MidiMessage.Program(Melody, 40)),
            (0, MidiMessage.Control(Bass, Controller.Volume, 80)),
            (0, MidiMessage.Control(Melody, Controller.Volume, 70)),
            (0, MidiMessage.Control(Melody, Controller.Pan, 40)),
        ];
        for (int m = 0; m < measures; m++)
        {
            AddMeasure(piece, Measures[m], 16 * m * Sixteenth, 52 + (int)(24 * Math.Sin(Math.PI * m / 16)));
        }

        return
        [
            .. piece
                .Select(item => (Frame: (long)Math.Round(item.Time * sampleRate / alignment) * alignment, item.Message))
                .OrderBy(item => item.Frame), // stable: at one frame the order in which they were added
        ];
    }

    private static void AddMeasure(List<(double Time, MidiMessage Message)> piece, byte[] chord, double start, int velocity)
    {
        double end = start + (16 * Sixteenth);
        Add(Bass, chord[0] - 12, start, end - 0.1, velocity + 10);
        Add(Melody, chord[4], start, end - 0.05, velocity);
        for (int half = 0; half < 2; half++)
        {
            double at = start + (8 * half * Sixteenth);
            foreach (int change in (ReadOnlySpan<int>)[0, 5])
            {
                piece.Add((at + (change * Sixteenth), MidiMessage.Control(Piano, Controller.Sustain, 0)));
                piece.Add((at + ((change + 0.6) * Sixteenth), MidiMessage.Control(Piano, Controller.Sustain, 127)));
            }

            Add(Piano, chord[0], at, at + (7.8 * Sixteenth), velocity + 8);
            Add(Piano, chord[1], at + Sixteenth, at + (7.8 * Sixteenth), velocity);
            for (int note = 2; note < 8; note++)
            {
                double struck = at + (note * Sixteenth);
                Add(Piano, chord[2 + ((note - 2) % 3)], struck, struck + (0.9 * Sixteenth), velocity + (3 * (note % 3)) - 4);
            }
        }

        void Add(int channel, int key, double from, double until, int loudness)
        {
            piece.Add((from, MidiMessage.NoteOn(channel, key, loudness)));
            piece.Add((until, MidiMessage.NoteOff(channel, key)));
        }
    }
}
