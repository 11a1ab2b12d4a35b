namespace MusicRnn.Synthesis;

/// <summary>What holds for each generator: its value where a zone sets none, and the levels at which it may stand (SF2.04 section 8.1.3).</summary>
internal static class GeneratorTable
{
    /// <summary>The number of generators, and so the length of a row of values.</summary>
    public const int Count = 60;

    /// <summary>What an instrument zone holds before it sets anything. Length <see cref="Count"/>.</summary>
    public static ReadOnlySpan<short> Defaults => DefaultValues;

    private static readonly short[] DefaultValues = MakeDefaults();

    /// <summary>Whether a preset zone may set it: then it is added to the instrument's value. The others belong to samples alone (SF2.04 section 8.1.2).</summary>
    public static bool IsAllowedInPreset(int generator) => IsAllowedInInstrument(generator) && (Generator)generator is not
        (Generator.StartAddressOffset or Generator.EndAddressOffset or Generator.StartLoopAddressOffset or Generator.EndLoopAddressOffset
        or Generator.StartAddressCoarseOffset or Generator.EndAddressCoarseOffset or Generator.StartLoopAddressCoarseOffset
        or Generator.EndLoopAddressCoarseOffset or Generator.Key or Generator.Velocity or Generator.SampleModes
        or Generator.ExclusiveClass or Generator.OverridingRootKey);

    /// <summary>Whether an instrument zone may set it as a value; ranges and references are not values, and the rest is reserved.</summary>
    public static bool IsAllowedInInstrument(int generator) => generator < Count && (Generator)generator is not
        ((Generator)14 or (Generator)18 or (Generator)19 or (Generator)20 or Generator.Instrument or (Generator)42
        or Generator.KeyRange or Generator.VelocityRange or (Generator)49 or Generator.SampleId or (Generator)55 or Generator.Pitch);

    private static short[] MakeDefaults()
    {
        short[] values = new short[Count];
        const short NoTime = -12000;
        values[(int)Generator.FilterCutoff] = 13500;
        values[(int)Generator.ModulationLfoDelay] = NoTime;
        values[(int)Generator.VibratoLfoDelay] = NoTime;
        values[(int)Generator.ModulationEnvelopeDelay] = NoTime;
        values[(int)Generator.ModulationEnvelopeAttack] = NoTime;
        values[(int)Generator.ModulationEnvelopeHold] = NoTime;
        values[(int)Generator.ModulationEnvelopeDecay] = NoTime;
        values[(int)Generator.ModulationEnvelopeRelease] = NoTime;
        values[(int)Generator.VolumeEnvelopeDelay] = NoTime;
        values[(int)Generator.VolumeEnvelopeAttack] = NoTime;
        values[(int)Generator.VolumeEnvelopeHold] = NoTime;
        values[(int)Generator.VolumeEnvelopeDecay] = NoTime;
        values[(int)Generator.VolumeEnvelopeRelease] = NoTime;
        values[(int)Generator.Key] = -1;
        values[(int)Generator.Velocity] = -1;
        values[(int)Generator.ScaleTuning] = 100;
        values[(int)Generator.OverridingRootKey] = -1;
        return values;
    }
}
