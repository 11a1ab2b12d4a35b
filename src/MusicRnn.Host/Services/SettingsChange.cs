using MusicRnn.Host.Options;
using MusicRnn.Performance;

namespace MusicRnn.Host.Services;

/// <summary>What an edit of the settings asks for.</summary>
/// <param name="changed">The keys whose value is another now.</param>
/// <param name="schema">The settings that exist.</param>
internal sealed class SettingsChange(IReadOnlyList<string> changed, SettingsSchema schema)
{
    private const string ParametersGroup = "Parameters:";
    private const string SoundGroup = "Sound:";

    // What an improviser is made with, or its take: another one begins, on the same ports.
    private static readonly string[] SessionKeys = ["Model:Path", "Model:Seed", "Midi:PlayerChannel", "Midi:MachineChannel", "Takes:Folder"];

    // What a device is opened with.
    private static readonly string[] RigKeys =
        ["Midi:Input", "Midi:Output", "Audio:Output", "Audio:SampleRate", "Audio:PeriodFrames", "Audio:Periods", "Knobs:" + KnobSettings.State];

    /// <summary>Whether devices must be opened anew.</summary>
    public bool NeedsRig => RigKeys.Any(Has);

    /// <summary>Whether another session must begin.</summary>
    public bool NeedsSession => SessionKeys.Any(Has);

    /// <summary>Whether the synthesiser must be made anew.</summary>
    public bool IsHeard => changed.Any(key => key.StartsWith(SoundGroup, StringComparison.OrdinalIgnoreCase) || SessionKeys.Contains(key, StringComparer.OrdinalIgnoreCase));

    /// <summary>Whether the player or the machine is on another channel.</summary>
    public bool MovesChannels => Has("Midi:PlayerChannel") || Has("Midi:MachineChannel");

    /// <summary>What waits for the next start.</summary>
    public IReadOnlyList<string> AtNextStart => [.. changed.Where(key => schema.Find(key) is { NextStart: true })];

    /// <summary>Whether a key is among them.</summary>
    public bool Has(string key) => changed.Contains(key, StringComparer.OrdinalIgnoreCase);

    /// <summary>Turns the parameters that were edited; those that were not stay where a knob has left them.</summary>
    public void Turn(Settings settings, Session session)
    {
        foreach ((int index, double value) in ParameterSettings.Normalised(settings.Parameters))
        {
            if (Has(ParametersGroup + ParameterTable.Rows[index].Id))
            {
                session.Set(index, value);
            }
        }
    }
}
