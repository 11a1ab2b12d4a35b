namespace MusicRnn.Host.Options;

/// <summary>Where settings are read from, the later on top of the earlier.</summary>
/// <param name="Files">The settings files that must be there: the shipped one, and one that the user named.</param>
/// <param name="Environment">Gives every environment variable whose name begins with <see cref="EnvironmentPrefix"/>.</param>
/// <param name="CommandLine">Keys and values of the command line.</param>
public sealed record SettingsSources(
    IReadOnlyList<string> Files,
    Func<IReadOnlyDictionary<string, string?>> Environment,
    IReadOnlyDictionary<string, string?> CommandLine)
{
    /// <summary>The user's own settings file: read after <see cref="Files"/> from the moment that it exists, and written where the user changes a setting on the page.</summary>
    public string? UserFile { get; init; }

    /// <summary>The files that exist now, the later on top of the earlier. A file of <see cref="Files"/> that does not is an error.</summary>
    public IEnumerable<string> Present => UserFile is not null && File.Exists(UserFile) && !Files.Contains(UserFile) ? Files.Append(UserFile) : Files;

    /// <summary>What the environment variables' names begin with; the rest is the key, with two underscores for each colon.</summary>
    public const string EnvironmentPrefix = "MUSICRNN__";

    /// <summary>What outweighs every settings file for a key, as the middle of a sentence; null where nothing does, so that an edit of a file counts.</summary>
    public string? Above(string key)
    {
        if (CommandLine.Keys.Any(said => said.Equals(key, StringComparison.OrdinalIgnoreCase)))
        {
            return "the command line";
        }

        return Environment().Keys.FirstOrDefault(name => KeyOf(name).Equals(key, StringComparison.OrdinalIgnoreCase)) is { } variable
            ? $"the environment variable {variable}" : null;
    }

    /// <summary>The key that an environment variable sets.</summary>
    internal static string KeyOf(string variable) => variable[EnvironmentPrefix.Length..].Replace("__", ":", StringComparison.Ordinal);

    /// <summary>The variables of this process.</summary>
    public static IReadOnlyDictionary<string, string?> ProcessEnvironment()
    {
        var variables = new Dictionary<string, string?>();
        foreach (System.Collections.DictionaryEntry entry in System.Environment.GetEnvironmentVariables())
        {
            if (entry.Key is string name && name.StartsWith(EnvironmentPrefix, StringComparison.OrdinalIgnoreCase))
            {
                variables[name] = entry.Value as string;
            }
        }

        return variables;
    }
}
