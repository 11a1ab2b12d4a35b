using MusicRnn.Host.Options;
using MusicRnn.Performance;
using MusicRnn.Synthesis;

namespace MusicRnn.Host.Services;

/// <summary>The instrument's own voice: a SoundFont, and how a synthesiser of it stands at first.</summary>
internal sealed class Sound
{
    /// <summary>How long the last notes may take to die away, nanoseconds.</summary>
    public const long Tail = 3_000_000_000;

    private Settings _settings;

    /// <summary>A voice of a font that is read.</summary>
    public Sound(SoundBank bank, Settings settings)
    {
        Bank = bank;
        _settings = settings;
    }

    /// <summary>The font, and what stands in for what it lacks.</summary>
    public SoundBank Bank { get; }

    /// <summary>Reads the font that the settings name.</summary>
    /// <exception cref="InvalidDataException">It is not a SoundFont, or a damaged one.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static Sound Open(Settings settings, Installation installation)
    {
        string path = installation.Resolve(settings.Sound.SoundFont);
        return File.Exists(path) ? new Sound(SoundBank.Open(path), settings)
            : throw new FileNotFoundException($"there is no SoundFont {path}. Name another by --soundfont, or in the settings as Sound:SoundFont.");
    }

    /// <summary>Takes up other settings of the same font; heard from the next synthesiser on that is made.</summary>
    public void Apply(Settings settings) => Volatile.Write(ref _settings, settings);

    /// <summary>Brings what the machine plays by a program into memory: its first notes then do not wait for the disk. Not on an audio thread.</summary>
    /// <param name="program">0-127.</param>
    public void Prepare(int program) => Prepare(program, Volatile.Read(ref _settings).Midi.MachineChannel);

    /// <summary>Makes a synthesiser, whose channels stand as the settings say and whose instruments are in memory. Not on an audio thread.</summary>
    /// <param name="sampleRate">Frames a second.</param>
    public IInstrument Make(int sampleRate)
    {
        Settings settings = Volatile.Read(ref _settings);
        SoundOptions sound = settings.Sound;
        const int Channels = 16;
        Synthesizer synthesizer = New(sampleRate, sound, (settings.Midi.PlayerChannel * Channels) + settings.Midi.MachineChannel);
        ParameterTable table = ParameterSettings.ToTable(settings.Parameters);
        int program = table.Step(ParameterTable.Program);
        Prepare(sound.PlayerProgram, settings.Midi.PlayerChannel);
        Prepare(program, settings.Midi.MachineChannel);
        new ChannelStrip(sound.PlayerProgram, sound.PlayerPan, sound.PlayerDecibels).Tell(synthesizer, settings.Midi.PlayerChannel - 1);
        new ChannelStrip(program, sound.MachinePan, sound.MachineDecibels).Tell(synthesizer, settings.Midi.MachineChannel - 1);
        return synthesizer;
    }

    /// <summary>Makes a synthesiser whose channels all stand alike, as a MIDI file expects it.</summary>
    /// <param name="sampleRate">Frames a second.</param>
    public Synthesizer MakePlain(int sampleRate) => New(sampleRate, Volatile.Read(ref _settings).Sound, channelUse: 0);

    /// <summary>What plays a program, for people: its name, and where it is from when the font lacks it.</summary>
    /// <param name="program">0-127.</param>
    public string Describe(int program)
    {
        PresetMatch match = Bank.Find(0, program);
        string name = match.Preset?.Name ?? "nothing";
        return match.Source switch
        {
            PresetSource.Font or PresetSource.BaseBank => name,
            PresetSource.SystemFont => $"{name} (from {match.Preset!.Font.Path})",
            _ => $"{name}, which is nearest to {GeneralMidiNames.Of(program)} in this font",
        };
    }

    private Synthesizer New(int sampleRate, SoundOptions sound, int channelUse)
    {
        var options = new SynthesizerOptions
        {
            SampleRate = sampleRate,
            Gain = new SynthesizerOptions().Gain * Math.Pow(10, sound.GainDecibels / 20),
            Reverb = sound.Reverb,
            Chorus = sound.Chorus,
            Polyphony = sound.Polyphony,
            Interpolation = sound.Interpolation,
        };
        return new Synthesizer(Bank, options) { ChannelUse = channelUse };
    }

    private void Prepare(int program, int channel)
    {
        const int Drums = 10;
        Bank.Find(channel == Drums ? Preset.PercussionBank : 0, program).Preset?.Prepare();
    }
}
