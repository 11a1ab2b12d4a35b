using MusicRnn.Devices.Alsa;
using MusicRnn.Devices.Jack;
using MusicRnn.Host.Options;
using MusicRnn.Performance;

namespace MusicRnn.Host.Services;

/// <summary>Which devices a rig is made of: what the settings ask for, where <c>auto</c> has become what the machine has.</summary>
/// <param name="MidiInput">Where notes come from.</param>
/// <param name="MidiOutput">Where notes go to.</param>
/// <param name="Audio">Where sound goes to.</param>
/// <param name="Missing">What <c>auto</c> looked for in vain, as sentences with the next move; empty where nothing is missing.</param>
internal sealed record RigChoice(Source MidiInput, Source MidiOutput, Source Audio, string Missing)
{
    /// <summary>Whether any of it goes through a backend.</summary>
    public bool Uses(SourceKind kind) => MidiInput.Kind == kind || MidiOutput.Kind == kind || Audio.Kind == kind;

    /// <summary>Whether another choice is of the same devices.</summary>
    public bool IsSame(RigChoice other) => (MidiInput, MidiOutput, Audio) == (other.MidiInput, other.MidiOutput, other.Audio);

    /// <summary>The choice without what can fail to open.</summary>
    public RigChoice WithoutFiles() => this with { MidiInput = NoFile(MidiInput), MidiOutput = NoFile(MidiOutput), Audio = NoFile(Audio) };

    /// <summary>Chooses: JACK where a server runs, else ALSA, never both, so that no keyboard is heard twice; else nothing, for now.</summary>
    /// <param name="settings">What is asked for.</param>
    /// <param name="installation">Where relative paths of files start from.</param>
    public static RigChoice Make(Settings settings, Installation installation)
    {
        Source input = Source.Parse(settings.Midi.Input).In(installation);
        Source output = Source.Parse(settings.Midi.Output).In(installation);
        Source audio = Source.Parse(settings.Audio.Output).In(installation);
        if (input.Kind != SourceKind.Auto && output.Kind != SourceKind.Auto && audio.Kind != SourceKind.Auto)
        {
            return new RigChoice(input, output, audio, "");
        }

        BackendAvailability jack = new JackBackend().Availability;
        if (jack.IsAvailable)
        {
            return new RigChoice(Become(input, SourceKind.Jack), Become(output, SourceKind.Jack), Become(audio, SourceKind.Jack), "");
        }

        string missing = $"JACK: {jack.Reason} {jack.Remedy}";
        bool lacks = false;
        if (input.Kind == SourceKind.Auto || output.Kind == SourceKind.Auto)
        {
            BackendAvailability midi = new AlsaBackend().MidiAvailability;
            SourceKind kind = Kind(midi, "ALSA MIDI");
            (input, output) = (Become(input, kind), Become(output, kind));
        }

        if (audio.Kind == SourceKind.Auto)
        {
            audio = Become(audio, Kind(AlsaBackend.AudioAvailability("default"), "ALSA sound"));
        }

        return new RigChoice(input, output, audio, lacks ? missing : "");

        SourceKind Kind(BackendAvailability alsa, string name)
        {
            if (!alsa.IsAvailable)
            {
                lacks = true;
                missing += $"\n  {name}: {alsa.Reason} {alsa.Remedy}";
            }

            return alsa.IsAvailable ? SourceKind.Alsa : SourceKind.None;
        }
    }

    private static Source NoFile(Source source) => source.Kind == SourceKind.File ? new Source(SourceKind.None, "") : source;

    private static Source Become(Source source, SourceKind kind) => source.Kind == SourceKind.Auto ? new Source(kind, "") : source;
}
