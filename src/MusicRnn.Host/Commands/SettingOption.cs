using System.CommandLine;

namespace MusicRnn.Host.Commands;

/// <summary>An option that overrides one setting, and is checked as that setting is.</summary>
internal sealed class SettingOption : Option<string>
{
    private const string FilePrefix = "file:";

    /// <summary>Makes an option.</summary>
    /// <param name="name">Its name, with two dashes.</param>
    /// <param name="key">The setting.</param>
    /// <param name="value">What its value is called in the help.</param>
    /// <param name="description">What it does.</param>
    /// <param name="workplace">Knows the settings.</param>
    /// <param name="isPath">Whether the value is a path, and so starts from the working directory, unlike in a settings file.</param>
    public SettingOption(string name, string key, string value, string description, Workplace workplace, bool isPath = false)
        : base(name)
    {
        Key = key;
        IsPath = isPath;
        HelpName = value;
        Description = description;
        Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && workplace.Schema.FaultOf(key, result.Tokens[0].Value) is { } problem)
            {
                result.AddError($"{name} {problem}");
            }
            else if (isPath && result.Tokens.Count == 1 && (value == "FOLDER" ? File.Exists(result.Tokens[0].Value) : Directory.Exists(result.Tokens[0].Value)))
            {
                result.AddError($"{name}: {Path.GetFullPath(result.Tokens[0].Value)} is a {(value == "FOLDER" ? "file, and a folder" : "folder, and a file")} is wanted.");
            }
        });
    }

    /// <summary>The setting.</summary>
    public string Key { get; }

    private bool IsPath { get; }

    /// <summary>The value as it goes into the settings: paths are made absolute.</summary>
    public string? SettingOf(ParseResult parsed)
    {
        string? value = parsed.GetValue(this);
        return value switch
        {
            null => null,
            _ when IsPath => Path.GetFullPath(value),
            _ when value.StartsWith(FilePrefix + "~/", StringComparison.Ordinal) => value, // the shell leaves it as it is, inside a word
            _ when value.StartsWith(FilePrefix, StringComparison.Ordinal) => FilePrefix + Path.GetFullPath(value[FilePrefix.Length..]),
            _ => value,
        };
    }
}
