using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MusicRnn.Host.Panel;

/// <summary>The user's settings file, where the page keeps what is to last. It is read again by whoever watches it.</summary>
/// <param name="path">The file; made when it is first written to.</param>
internal sealed class UserSettingsFile(string path)
{
    private static readonly JsonSerializerOptions Layout = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes values by their keys, and leaves everything else as it is.</summary>
    /// <param name="values">Keys, as <c>Knobs:temperature</c>, and values.</param>
    /// <param name="reason">Why it could not be.</param>
    public bool TryWrite(IEnumerable<(string Key, JsonNode? Value)> values, out string? reason)
    {
        try
        {
            JsonObject root = File.Exists(path) ? JsonNode.Parse(File.ReadAllText(path)) as JsonObject ?? [] : [];
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
            reason = null;
            return true;
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

    /// <summary>A name as the object has it: settings take upper and lower case alike.</summary>
    private static string NameIn(JsonObject group, string name) =>
        group.Select(member => member.Key).FirstOrDefault(key => key.Equals(name, StringComparison.OrdinalIgnoreCase)) ?? name;
}
