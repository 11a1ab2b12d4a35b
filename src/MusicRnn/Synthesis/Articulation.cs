namespace MusicRnn.Synthesis;

/// <summary>
/// What a font says of one voice: its generators, summed over preset and instrument, and the modulators that move them
/// (SF2.04 sections 9.4 and 9.5).
/// </summary>
internal sealed class Articulation
{
    private const int MostModulators = 64;
    private const float AttenuationScale = 0.4f;
    private const float SoftAttenuation = 25; // centibels, of the soft pedal
    private const float SoftCutoff = -400; // cents

    private readonly float[] _values = new float[GeneratorTable.Count]; // what the zones say
    private readonly float[] _offsets = new float[GeneratorTable.Count]; // what the modulators add
    private readonly Modulator[] _modulators = new Modulator[MostModulators];
    private readonly float[] _outputs = new float[MostModulators];
    private int _modulatorCount;
    private Channel _channel = null!;
    private int _velocity;

    /// <summary>The key that pitch and key scaling go by: the note's, unless the zone forces another.</summary>
    public int Key { get; private set; }

    /// <summary>A generator's value as it stands, in its own unit.</summary>
    public float this[Generator generator] => _values[(int)generator] + _offsets[(int)generator];

    /// <summary>A generator's value without its modulators.</summary>
    public float Unmodulated(Generator generator) => _values[(int)generator];

    /// <summary>Cents that the channel's tuning adds.</summary>
    public double Tuning => _channel.Tuning;

    /// <summary>Takes up what two zones say of a note.</summary>
    public void Start(Channel channel, int key, int velocity, SoundFont font, int presetZone, int instrumentZone)
    {
        _channel = channel;
        ReadOnlySpan<short> preset = font.Values.AsSpan(presetZone * GeneratorTable.Count, GeneratorTable.Count);
        ReadOnlySpan<short> instrument = font.Values.AsSpan(instrumentZone * GeneratorTable.Count, GeneratorTable.Count);
        for (int i = 0; i < GeneratorTable.Count; i++)
        {
            _values[i] = preset[i] + instrument[i];
        }

        Key = Forced(Generator.Key, 0) ?? key;
        _velocity = Forced(Generator.Velocity, 1) ?? velocity;

        // The E-mu cards for which fonts are made took 0.4 of what the file says, and every font relies on it.
        _values[(int)Generator.Attenuation] *= AttenuationScale;
        if (channel.IsSoft)
        {
            _values[(int)Generator.Attenuation] += SoftAttenuation;
            _values[(int)Generator.FilterCutoff] += SoftCutoff;
        }

        SampleHeader sample = font.Samples[font.Zones[instrumentZone].Target];
        int root = Forced(Generator.OverridingRootKey, 0) ?? sample.RootKey;
        _values[(int)Generator.Pitch] = (_values[(int)Generator.ScaleTuning] * (Key - root)) + sample.Correction;
        ReadModulators(font, font.Zones[presetZone], font.Zones[instrumentZone]);
        FollowSource(-1);
    }

    /// <summary>Follows a modulator's source that moved, or every one for -1.</summary>
    /// <returns>Whether anything moved with it.</returns>
    public bool FollowSource(int identity)
    {
        bool moved = false;
        for (int i = 0; i < _modulatorCount; i++)
        {
            ref readonly Modulator modulator = ref _modulators[i];
            if (identity < 0 || Reads(modulator, identity))
            {
                double output = modulator.Amount * _channel.Read(modulator.Source, Key, _velocity) * _channel.Read(modulator.AmountSource, Key, _velocity);
                _outputs[i] = (float)(modulator.Absolute ? Math.Abs(output) : output);
                moved = true;
            }
        }

        if (moved)
        {
            Array.Clear(_offsets);
            for (int i = 0; i < _modulatorCount; i++)
            {
                _offsets[(int)_modulators[i].Destination] += _outputs[i];
            }
        }

        return moved;
    }

    /// <summary>Whether any of its modulators reads a source.</summary>
    public bool Reads(int identity)
    {
        for (int i = 0; i < _modulatorCount; i++)
        {
            if (Reads(_modulators[i], identity))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Reads(in Modulator modulator, int identity) =>
        modulator.Source.Identity == identity || (modulator.AmountSource.Identity == identity && identity != 0);

    private int? Forced(Generator generator, int lowest)
    {
        int value = (int)_values[(int)generator];
        return value >= lowest && value <= 127 ? value : null;
    }

    /// <summary>Gathers the modulators: an instrument's replace the defaults, a preset's add to them (SF2.04 section 9.5.1).</summary>
    private void ReadModulators(SoundFont font, in Zone preset, in Zone instrument)
    {
        _modulatorCount = 0;
        ReadOnlySpan<Modulator> all = font.Modulators;
        Merge(Modulator.Defaults, false);
        Merge(all.Slice(instrument.GlobalModulators, instrument.GlobalModulatorCount), false);
        Merge(all.Slice(instrument.Modulators, instrument.ModulatorCount), false);
        ReadOnlySpan<Modulator> local = all.Slice(preset.Modulators, preset.ModulatorCount);
        foreach (ref readonly Modulator modulator in all.Slice(preset.GlobalModulators, preset.GlobalModulatorCount))
        {
            if (!Contains(local, modulator))
            {
                Merge(new ReadOnlySpan<Modulator>(in modulator), true);
            }
        }

        Merge(local, true);
    }

    private static bool Contains(ReadOnlySpan<Modulator> modulators, in Modulator modulator)
    {
        foreach (ref readonly Modulator other in modulators)
        {
            if (other.IsSameAs(modulator))
            {
                return true;
            }
        }

        return false;
    }

    private void Merge(ReadOnlySpan<Modulator> modulators, bool adds)
    {
        foreach (ref readonly Modulator modulator in modulators)
        {
            int i = 0;
            while (i < _modulatorCount && !_modulators[i].IsSameAs(modulator))
            {
                i++;
            }

            if (i < _modulatorCount)
            {
                _modulators[i] = modulator with { Amount = modulator.Amount + (adds ? _modulators[i].Amount : 0) };
            }
            else if (_modulatorCount < MostModulators && modulator.Amount != 0)
            {
                _modulators[_modulatorCount++] = modulator;
            }
        }
    }
}
