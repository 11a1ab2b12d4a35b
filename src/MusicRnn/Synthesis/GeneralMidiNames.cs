using System.Globalization;

namespace MusicRnn.Synthesis;

/// <summary>What General MIDI calls its programs (GM 1 Sound Set), by which people ask for them.</summary>
public static class GeneralMidiNames
{
    private static readonly string[] Names =
    [
        "Acoustic Grand Piano", "Bright Acoustic Piano", "Electric Grand Piano", "Honky-tonk Piano",
        "Electric Piano 1", "Electric Piano 2", "Harpsichord", "Clavinet",
        "Celesta", "Glockenspiel", "Music Box", "Vibraphone", "Marimba", "Xylophone", "Tubular Bells", "Dulcimer",
        "Drawbar Organ", "Percussive Organ", "Rock Organ", "Church Organ", "Reed Organ", "Accordion", "Harmonica", "Tango Accordion",
        "Acoustic Guitar (nylon)", "Acoustic Guitar (steel)", "Electric Guitar (jazz)", "Electric Guitar (clean)",
        "Electric Guitar (muted)", "Overdriven Guitar", "Distortion Guitar", "Guitar Harmonics",
        "Acoustic Bass", "Electric Bass (finger)", "Electric Bass (pick)", "Fretless Bass",
        "Slap Bass 1", "Slap Bass 2", "Synth Bass 1", "Synth Bass 2",
        "Violin", "Viola", "Cello", "Contrabass", "Tremolo Strings", "Pizzicato Strings", "Orchestral Harp", "Timpani",
        "String Ensemble 1", "String Ensemble 2", "Synth Strings 1", "Synth Strings 2",
        "Choir Aahs", "Voice Oohs", "Synth Voice", "Orchestra Hit",
        "Trumpet", "Trombone", "Tuba", "Muted Trumpet", "French Horn", "Brass Section", "Synth Brass 1", "Synth Brass 2",
        "Soprano Sax", "Alto Sax", "Tenor Sax", "Baritone Sax", "Oboe", "English Horn", "Bassoon", "Clarinet",
        "Piccolo", "Flute", "Recorder", "Pan Flute", "Blown Bottle", "Shakuhachi", "Whistle", "Ocarina",
        "Lead 1 (square)", "Lead 2 (sawtooth)", "Lead 3 (calliope)", "Lead 4 (chiff)",
        "Lead 5 (charang)", "Lead 6 (voice)", "Lead 7 (fifths)", "Lead 8 (bass + lead)",
        "Pad 1 (new age)", "Pad 2 (warm)", "Pad 3 (polysynth)", "Pad 4 (choir)",
        "Pad 5 (bowed)", "Pad 6 (metallic)", "Pad 7 (halo)", "Pad 8 (sweep)",
        "FX 1 (rain)", "FX 2 (soundtrack)", "FX 3 (crystal)", "FX 4 (atmosphere)",
        "FX 5 (brightness)", "FX 6 (goblins)", "FX 7 (echoes)", "FX 8 (sci-fi)",
        "Sitar", "Banjo", "Shamisen", "Koto", "Kalimba", "Bagpipe", "Fiddle", "Shanai",
        "Tinkle Bell", "Agogo", "Steel Drums", "Woodblock", "Taiko Drum", "Melodic Tom", "Synth Drum", "Reverse Cymbal",
        "Guitar Fret Noise", "Breath Noise", "Seashore", "Bird Tweet", "Telephone Ring", "Helicopter", "Applause", "Gunshot",
    ];

    /// <summary>The name of a program.</summary>
    /// <param name="program">0-127.</param>
    public static string Of(int program) => Names[program];

    /// <summary>The program that somebody means, by its number, its name or the beginning of each word of it ("church org").</summary>
    /// <returns>0-127.</returns>
    /// <exception cref="ArgumentException">Nothing is called that; the message lists what is close.</exception>
    public static int Find(string asked)
    {
        if (int.TryParse(asked.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int program) && program < Names.Length)
        {
            return program;
        }

        int named = FindNamed(asked);
        return named >= 0 ? named : throw new ArgumentException(
            $"no instrument is called \"{asked}\"; close to it are {string.Join(", ", Close(asked))}. General MIDI's programs have numbers from 0 to 127.");
    }

    /// <summary>The first program whose name is what somebody asks for, or else that it fits; -1 where there is none.</summary>
    internal static int FindNamed(string asked)
    {
        int same = Array.FindIndex(Names, name => PresetName.IsSame(asked, name));
        return same >= 0 ? same : Array.FindIndex(Names, name => PresetName.Fits(asked, name));
    }

    private static IEnumerable<string> Close(string asked)
    {
        const int Most = 4;
        return Enumerable.Range(0, Names.Length)
            .OrderBy(program => PresetName.Distance(asked, Names[program]))
            .Take(Most)
            .Select(program => string.Create(CultureInfo.InvariantCulture, $"{Names[program]} ({program})"));
    }
}
