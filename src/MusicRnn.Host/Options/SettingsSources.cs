namespace MusicRnn.Host.Options;

/// <summary>Where settings are read from, the later on top of the earlier.</summary>
/// <param name="Files">The settings files: the shipped one, then the user's own where there is one.</param>
/// <param name="Environment">Gives every environment variable whose name begins with <see cref="EnvironmentPrefix"/>.</param>
/// <param name="CommandLine">Keys and values of the command line.</param>
public sealed record SettingsSources(
    IReadOnlyList<string> Files,
    Func<IReadOnlyDictionary<string, string?>> Environment,
    IReadOnlyDictionary<string, string?> CommandLine)
{
    /// <summary>What the environment variables' names begin with; the rest is the key, with two underscores for each colon.</summary>
    public const string EnvironmentPrefix = "MUSICRNN__";

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
