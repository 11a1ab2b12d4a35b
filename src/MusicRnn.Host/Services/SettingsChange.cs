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

    // What a device is chosen by.
    private static readonly string[] DeviceKeys = ["Midi:Input", "Midi:Output", "Audio:Output"];

    // What a device is opened with.
    private static readonly string[] RigKeys = [.. DeviceKeys, "Audio:SampleRate", "Audio:PeriodFrames", "Audio:Periods", "Knobs:" + KnobSettings.State];

    /// <summary>What takes effect now.</summary>
    public IReadOnlyList<string> Now => [.. changed.Except(AtNextStart)];

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

    /// <summary>What is left of it where one setting cannot be taken up.</summary>
    public SettingsChange Without(string key) => new([.. changed.Where(other => !other.Equals(key, StringComparison.OrdinalIgnoreCase))], schema);

    /// <summary>What is left of it where the devices cannot be opened.</summary>
    public SettingsChange WithoutDevices() => new([.. changed.Except(DeviceKeys, StringComparer.OrdinalIgnoreCase)], schema);

    /// <summary>Turns the parameters that were edited; those that were not stay where a knob has left them.</summary>
    /// <param name="settings">The settings as they are now.</param>
    /// <param name="set">Sets one: its index, and its value from 0 to 1.</param>
    public void Turn(Settings settings, Action<int, double> set)
    {
        ParameterTable table = ParameterSettings.ToTable(settings.Parameters);
        for (int index = 0; index < ParameterTable.Rows.Count; index++)
        {
            if (Has(ParametersGroup + ParameterTable.Rows[index].Id))
            {
                set(index, table[index]);
            }
        }
    }
}
