using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace MusicRnn.Host.Options;

/// <summary>Reads settings from all their sources and checks every value, before anything of them is used.</summary>
/// <param name="schema">The settings that exist.</param>
public sealed class SettingsReader(SettingsSchema schema)
{
    /// <summary>Reads the settings as they are now.</summary>
    /// <exception cref="SettingsException">Something is wrong; the message names every fault.</exception>
    public SettingsSnapshot Read(SettingsSources sources)
    {
        var faults = new List<SettingsFault>();
        var written = new SortedDictionary<string, Entry>(StringComparer.OrdinalIgnoreCase);
        foreach (string file in sources.Present)
        {
            AddFile(file, written, faults);
        }

        foreach ((string name, string? value) in sources.Environment())
        {
            written[SettingsSources.KeyOf(name)] = new Entry(value, $"environment variable {name}");
        }

        foreach ((string key, string? value) in sources.CommandLine)
        {
            written[key] = new Entry(value, "command line");
        }

        var values = new SortedDictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach ((string key, Entry entry) in written)
        {
            if (schema.FaultOf(key, entry.Value) is { } problem)
            {
                faults.Add(new SettingsFault(key, entry.Place, problem));
            }
            else
            {
                values[schema.Find(key)?.Key ?? key] = entry.Value;
            }
        }

        if (faults.Count == 0)
        {
            var read = SettingsSnapshot.Of(values);
            foreach ((string key, string problem) in read.Settings.Conflicts())
            {
                faults.Add(new SettingsFault(key, written.TryGetValue(key, out Entry? entry) ? entry.Place : "default", problem));
            }

            if (faults.Count == 0)
            {
                return read;
            }
        }

        throw new SettingsException(faults);
    }

    private static void AddFile(string file, SortedDictionary<string, Entry> written, List<SettingsFault> faults)
    {
        try
        {
            if (File.Exists(file) && LinkedFile.Target(file) is not { Exists: true, Length: > 0 }) // a pipe would be waited for without end, and has no length
            {
                faults.Add(new SettingsFault("", file, "this is empty, or no file but a pipe or a device. Put a settings file there, with {} in it at least."));
                return;
            }

            using var stream = new MemoryStream(File.ReadAllBytes(file)); // whole, before any of it counts
            IConfigurationRoot parsed = new ConfigurationBuilder().AddJsonStream(stream).Build();
            foreach ((string key, string? value) in parsed.AsEnumerable())
            {
                if (value is not null || !parsed.GetSection(key).GetChildren().Any())
                {
                    written[key] = new Entry(value, file);
                }
            }
        }
        catch (JsonException exception)
        {
            string place = exception.LineNumber is { } line ? $"{file}, line {line + 1}, column {exception.BytePositionInLine + 1}" : file;
            string reason = exception.Message.Split(" LineNumber:")[0].Split(" Path:")[0];
            faults.Add(new SettingsFault("", place, $"this is not JSON. {reason}"));
        }
        catch (FormatException exception)
        {
            faults.Add(new SettingsFault("", file, exception.Message));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            faults.Add(new SettingsFault("", file, $"the file cannot be read. {exception.Message}"));
        }
    }

    private sealed record Entry(string? Value, string Place);
}
