namespace MusicRnn.Synthesis;

/// <summary>Finds out whether a preset's held notes go on sounding.</summary>
internal static class SustainProbe
{
    private const int LowestSustain = 400; // centibels below the peak: quieter than this, a note has died away

    /// <summary>Whether a middle note of the preset has a looping voice whose volume envelope stays up.</summary>
    public static bool Sustains(Preset preset)
    {
        ReadOnlySpan<int> keys = [60, 72, 48, 84, 36];
        foreach (int key in keys)
        {
            if (Sustains(preset, key, 80) is bool sustains)
            {
                return sustains;
            }
        }

        return false;
    }

    private static bool? Sustains(Preset preset, int key, int velocity)
    {
        bool? sustains = null; // no voice at all

        SoundFont font = preset.Font;
        for (int p = preset.FirstZone; p < preset.FirstZone + preset.ZoneCount; p++)
        {
            if (!font.Zones[p].Serves(key, velocity))
            {
                continue;
            }

            (int first, int count) = font.Instruments[font.Zones[p].Target];
            for (int z = first; z < first + count; z++)
            {
                if (!font.Zones[z].Serves(key, velocity) || !font.Samples[font.Zones[z].Target].IsPlayable)
                {
                    continue;
                }

                sustains = false;
                int at = z * GeneratorTable.Count;
                int sustain = font.Values[at + (int)Generator.VolumeEnvelopeSustain]
                    + font.Values[(p * GeneratorTable.Count) + (int)Generator.VolumeEnvelopeSustain];
                if (sustain < LowestSustain && (font.Values[at + (int)Generator.SampleModes] & 1) != 0)
                {
                    return true;
                }
            }
        }

        return sustains;
    }
}
