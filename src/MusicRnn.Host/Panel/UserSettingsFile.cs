using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using MusicRnn.Host.Options;

namespace MusicRnn.Host.Panel;

/// <summary>The user's settings file, where the page keeps what is to last. It is read again by whoever watches it. Any thread.</summary>
/// <param name="sources">Where all settings are read from; the user's file is made when it is first written to.</param>
/// <param name="reader">Says whether they can be used: what is written into a broken file would not count.</param>
internal sealed class UserSettingsFile(SettingsSources sources, SettingsReader reader)
{
    private static readonly JsonSerializerOptions Layout = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonDocumentOptions Plain = new() { AllowDuplicateProperties = false };
    private readonly Lock _writing = new(); // one page may learn a knob while another chooses a model

    /// <summary>Writes values by their keys, and leaves everything else as it is.</summary>
    /// <param name="values">Keys, as <c>Knobs:temperature</c>, and values.</param>
    /// <param name="reason">Why it could not be.</param>
    public bool TryWrite(IEnumerable<(string Key, JsonNode? Value)> values, out string? reason)
    {
        if (sources.UserFile is not { } path)
        {
            reason = "there is no settings file of your own.";
            return false;
        }

        try
        {
            lock (_writing)
            {
                reader.Read(sources);
                Write(path, values);
            }

            reason = null;
            return true;
        }
        catch (SettingsException exception)
        {
            string more = exception.Faults.Count == 1 ? "" : $" (and {exception.Faults.Count - 1} more)";
            reason = $"the settings are broken, so that nothing written there counts. Correct this first: {exception.Faults[0]}{more}";
        }
        catch (JsonException)
        {
            reason = $"{path} has comments or is no plain JSON, and writing would lose them; write it there yourself.";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            reason = exception.Message;
        }

        return false;
    }

    private static void Write(string path, IEnumerable<(string Key, JsonNode? Value)> values)
    {
        JsonObject root = File.Exists(path) ? JsonNode.Parse(File.ReadAllText(path), documentOptions: Plain) as JsonObject ?? [] : [];
        foreach ((string key, JsonNode? value) in values)
        {
            string[] parts = key.Split(':');
            JsonObject group = root;
            foreach (string part in parts[..^1])
            {
                string name = NameIn(group, part);
                if (group[name] is not JsonObject inner)
                {
                    group[name] = inner = [];
                }

                group = inner;
            }

            group[NameIn(group, parts[^1])] = value;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        WholeFile.Write(path, to => File.WriteAllText(to, root.ToJsonString(Layout) + "\n"));
    }

    /// <summary>A name as the object has it: settings take upper and lower case alike.</summary>
    private static string NameIn(JsonObject group, string name) =>
        group.Select(member => member.Key).FirstOrDefault(key => key.Equals(name, StringComparison.OrdinalIgnoreCase)) ?? name;
}
