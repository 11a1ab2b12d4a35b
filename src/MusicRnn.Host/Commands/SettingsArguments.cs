using System.CommandLine;
using MusicRnn.Host.Options;

namespace MusicRnn.Host.Commands;

/// <summary>The options by which any command takes other settings than those in the files.</summary>
internal sealed class SettingsArguments
{
    private readonly Workplace _workplace;
    private readonly List<SettingOption> _settings = [];
    private readonly Option<string> _config = new("--config")
    {
        HelpName = "FILE",
        Description = "A settings file that is read on top of the shipped one, in place of your own.",
    };

    private readonly Option<string[]> _set = new("--set")
    {
        HelpName = "KEY=VALUE",
        Description = "Any setting, as in Midi:VelocityCurve=Soft. May be given several times.",
        Arity = ArgumentArity.OneOrMore,
    };

    /// <summary>Adds the options to a command.</summary>
    public SettingsArguments(Command command, Workplace workplace)
    {
        _workplace = workplace;
        _config.Description += $"\nDefault: {workplace.Folders.SettingsFile}, where it exists.";
        _config.Validators.Add(InputFile.Check);
        _set.Validators.Add(result =>
        {
            foreach (System.CommandLine.Parsing.Token token in result.Tokens)
            {
                int end = token.Value.IndexOf('=', StringComparison.Ordinal);
                if (end <= 0)
                {
                    result.AddError($"--set {token.Value}: KEY=VALUE is expected, as in Midi:VelocityCurve=Soft.");
                }
                else if (workplace.Schema.FaultOf(token.Value[..end], token.Value[(end + 1)..]) is { } problem)
                {
                    result.AddError($"--set {token.Value[..end]} {problem}");
                }
            }
        });
        command.Options.Add(_config);
        command.Options.Add(_set);
        foreach (SettingOption option in command.Options.OfType<SettingOption>())
        {
            _settings.Add(option);
        }
    }

    /// <summary>Where the settings come from, with what this command line says.</summary>
    public SettingsSources Sources(ParseResult parsed)
    {
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (string pair in parsed.GetValue(_set) ?? [])
        {
            int end = pair.IndexOf('=', StringComparison.Ordinal);
            values[pair[..end]] = pair[(end + 1)..];
        }

        foreach (SettingOption option in _settings)
        {
            if (option.SettingOf(parsed) is { } value)
            {
                values[option.Key] = value;
            }
        }

        return _workplace.Sources(parsed.GetValue(_config) is { } file ? Path.GetFullPath(file) : null, values);
    }

    /// <summary>The files that are read because settings are, or because they name them.</summary>
    public IEnumerable<string> Inputs(ParseResult parsed, Settings settings) =>
    [
        parsed.GetValue(_config) ?? _workplace.Folders.SettingsFile,
        _workplace.Installation.Resolve(settings.Model.Path),
        _workplace.Installation.Resolve(settings.Sound.SoundFont),
    ];

    /// <summary>The settings as they are now.</summary>
    /// <exception cref="SettingsException">Something is wrong with them.</exception>
    public Settings Read(ParseResult parsed) => new SettingsReader(_workplace.Schema).Read(Sources(parsed)).Settings;
}
