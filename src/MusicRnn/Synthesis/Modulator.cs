namespace MusicRnn.Synthesis;

/// <summary>A controller's hold on a generator (SF2.04 sections 7.4 and 8.2): amount x curve(source) x curve(amount source), added to the destination.</summary>
/// <param name="Source">What moves it, with its curve.</param>
/// <param name="Destination">The generator that it moves.</param>
/// <param name="Amount">How far, in the generator's unit.</param>
/// <param name="AmountSource">What scales it, with its curve.</param>
/// <param name="Absolute">Whether the product's sign is dropped (transform 2).</param>
internal readonly record struct Modulator(ModulatorSource Source, Generator Destination, float Amount, ModulatorSource AmountSource, bool Absolute)
{
    /// <summary>Whether two modulators differ at most in their amount: then the one more local replaces or adds to the other (SF2.04 section 9.5.1).</summary>
    public bool IsSameAs(in Modulator other) =>
        Source == other.Source && Destination == other.Destination && AmountSource == other.AmountSource && Absolute == other.Absolute;

    /// <summary>The ten modulators that every instrument has unless it says otherwise (SF2.04 section 8.4).</summary>
    /// <remarks>
    /// Velocity to filter cutoff (8.4.2) is left out, as FluidSynth and the E-mu cards do: fonts are voiced without it. Pan moves
    /// by 500, the whole way to one side, where the specification's 1000 would go there twice.
    /// </remarks>
    public static ReadOnlySpan<Modulator> Defaults => DefaultModulators;

    private static readonly Modulator[] DefaultModulators =
    [
        new(new(0x0502), Generator.Attenuation, 960, default, false), // velocity, negative concave
        new(new(0x000D), Generator.VibratoLfoToPitch, 50, default, false), // channel pressure
        new(new(0x0081), Generator.VibratoLfoToPitch, 50, default, false), // modulation wheel
        new(new(0x0587), Generator.Attenuation, 960, default, false), // volume
        new(new(0x028A), Generator.Pan, 500, default, false), // pan, bipolar
        new(new(0x058B), Generator.Attenuation, 960, default, false), // expression
        new(new(0x00DB), Generator.ReverbSend, 200, default, false),
        new(new(0x00DD), Generator.ChorusSend, 200, default, false),
        new(new(0x020E), Generator.Pitch, 12700, new(0x0010), false), // pitch wheel, scaled by its range
    ];
}
