using System.Numerics;

namespace MusicRnn.Model;

/// <summary>How a note's parts become rows of the network's tables and classes of its heads, and back.</summary>
public static class NoteEncoding
{
    /// <summary>Keys of a piano.</summary>
    public const int Pitches = 88;

    /// <summary>MIDI key number of the lowest key, A0.</summary>
    public const int LowestPitch = 21;

    /// <summary>Levels of velocity, four MIDI values wide.</summary>
    public const int Velocities = 32;

    /// <summary>Rows of the step table: one a bin, and one for a note without predecessor.</summary>
    public const int StepRows = Grid.Bins + 1;

    /// <summary>The largest interval, in semitones up or down, that the interval table tells apart.</summary>
    public const int LargestInterval = 48;

    /// <summary>Rows of the interval table: -48..48 semitones, and one for a note without predecessor.</summary>
    public const int IntervalRows = (2 * LargestInterval) + 2;

    /// <summary>Groups of ages that a sounding key is told apart by: the chord itself (below 30 ms), to 120 ms, 250 ms, 500 ms, 1 s, 2 s, longer.</summary>
    public const int Ages = 7;

    /// <summary>Groups of times that a released key is told apart by: held for below 60 ms, to 120 ms, 200 ms, 350 ms, 600 ms, 1 s, 2 s, longer.</summary>
    public const int Holds = 8;

    /// <summary>How many notes back the pitch head looks for relative pitches.</summary>
    public const int Recent = 8;

    /// <summary>The number of intervals, -32..31 semitones, that each recent note adds logits for.</summary>
    public const int RelativeIntervals = 64;

    /// <summary>Classes of the pedal head: none; lift and press at one of eight places in the step; lift and press again in one of ten pairs of quarters.</summary>
    public const int PedalClasses = 1 + PedalPlaces + PedalPlaces + 10;

    private const int PedalPlaces = 8;
    private const int PedalQuarters = 4;

    /// <summary>The key's number from the bottom of the piano, 0-87; keys outside are folded in by octaves.</summary>
    public static int PitchIndex(int pitch)
    {
        while (pitch < LowestPitch)
        {
            pitch += 12;
        }

        while (pitch >= LowestPitch + Pitches)
        {
            pitch -= 12;
        }

        return pitch - LowestPitch;
    }

    /// <summary>The velocity's level, 0-31.</summary>
    public static int VelocityIndex(int velocity) => Math.Clamp(velocity, 1, 127) >> 2;

    /// <summary>The row of a step in frames; <see cref="NoteInput.Start"/> has one of its own.</summary>
    public static int StepRow(int frames) => frames < 0 ? Grid.Bins : Grid.BinOf(frames);

    /// <summary>The row of the interval between two pitch indices; negative <paramref name="previous"/> means there is none.</summary>
    public static int IntervalRow(int previous, int pitch) => previous < 0
        ? IntervalRows - 1
        : Math.Clamp(pitch - previous, -LargestInterval, LargestInterval) + LargestInterval;

    /// <summary>The row of a sounding key, by how long it has been down.</summary>
    public static int SoundingRow(int pitchIndex, long ageFrames)
    {
        int age = ageFrames < 3 ? 0 : ageFrames < 12 ? 1 : ageFrames < 25 ? 2 : ageFrames < 50 ? 3 : ageFrames < 100 ? 4 : ageFrames < 200 ? 5 : 6;
        return (age * Pitches) + pitchIndex;
    }

    /// <summary>The row of a released key, by how long it was held.</summary>
    public static int ReleasedRow(int pitchIndex, long heldFrames)
    {
        int held = heldFrames < 6 ? 0 : heldFrames < 12 ? 1 : heldFrames < 20 ? 2 : heldFrames < 35 ? 3
            : heldFrames < 60 ? 4 : heldFrames < 100 ? 5 : heldFrames < 200 ? 6 : 7;
        return (held * Pitches) + pitchIndex;
    }

    /// <summary>How lately a pitch was struck, 1-15: 15 is the last note, 12 the fourth last; from there on two levels to each doubling, and later one.</summary>
    /// <param name="notesAgo">Notes since it was struck; 0 is the last note.</param>
    public static byte RecencyLevel(long notesAgo)
    {
        if (notesAgo < 4)
        {
            return (byte)(15 - notesAgo);
        }

        int octave = BitOperations.Log2((ulong)notesAgo);
        return octave < 6 ? (byte)(11 - (2 * (octave - 2)) - (int)((notesAgo >> (octave - 1)) & 1)) : (byte)Math.Max(1, 9 - octave);
    }

    /// <summary>How often a class came, 0-15: about three levels to each halving.</summary>
    /// <remarks>The logarithm is read off the float's exponent and mantissa, so that it is the same on every machine.</remarks>
    /// <param name="share">How often, as a share of the most frequent class, 0-1.</param>
    public static byte FrequencyLevel(double share)
    {
        const int MantissaBits = 23, One = 127 << MantissaBits;
        long logarithm = BitConverter.SingleToInt32Bits((float)share) - One; // times 2^23
        return (byte)Math.Clamp(15 + ((3 * logarithm) >> MantissaBits), 0, 15);
    }

    /// <summary>The class of what the pedal does within a step.</summary>
    /// <param name="move">What it does.</param>
    /// <param name="first">When it first moves: a fraction of the step, 0-1.</param>
    /// <param name="second">When it is pressed again, for <see cref="PedalMove.Change"/>.</param>
    public static int PedalClass(PedalMove move, double first, double second)
    {
        switch (move)
        {
            case PedalMove.Lift:
                return 1 + Place(first, PedalPlaces);
            case PedalMove.Press:
                return 1 + PedalPlaces + Place(first, PedalPlaces);
            case PedalMove.Change:
                int low = Place(first, PedalQuarters);
                int high = Math.Max(low, Place(second, PedalQuarters));
                int pair = 0;
                for (int quarter = 0; quarter < low; quarter++)
                {
                    pair += PedalQuarters - quarter;
                }

                return 1 + (2 * PedalPlaces) + pair + high - low;
            default:
                return 0;
        }
    }

    /// <summary>What a class of the pedal head stands for: the move, and the middle of its places in the step.</summary>
    public static (PedalMove Move, float First, float Second) PedalOf(int pedalClass)
    {
        if (pedalClass == 0)
        {
            return (PedalMove.None, 0, 0);
        }

        int place = pedalClass - 1;
        if (place < PedalPlaces)
        {
            return (PedalMove.Lift, Middle(place, PedalPlaces), 0);
        }

        place -= PedalPlaces;
        if (place < PedalPlaces)
        {
            return (PedalMove.Press, Middle(place, PedalPlaces), 0);
        }

        place -= PedalPlaces;
        int low = 0;
        while (place >= PedalQuarters - low)
        {
            place -= PedalQuarters - low;
            low++;
        }

        float first = Middle(low, PedalQuarters);
        float second = place == 0 ? (low + 0.9f) / PedalQuarters : Middle(low + place, PedalQuarters);
        return (PedalMove.Change, first, second);
    }

    /// <summary>Whether a class of the pedal head can follow from where the pedal is.</summary>
    public static bool IsPossible(int pedalClass, bool pedalDown) => pedalClass == 0
        || (pedalClass > PedalPlaces && pedalClass <= 2 * PedalPlaces) != pedalDown;

    private static int Place(double fraction, int places) => Math.Clamp((int)(fraction * places), 0, places - 1);

    private static float Middle(int place, int places) => (place + 0.5f) / places;
}
