using MusicRnn.Host.Options;

namespace MusicRnn.Host.Services;

/// <summary>
/// Looks whether a settings file was edited. An edited file is read and checked whole before any of it counts; a broken one
/// changes nothing. (.NET's own reloading empties the values of a broken file.)
/// </summary>
internal sealed class SettingsWatch
{
    private readonly SettingsReader _reader;
    private readonly SettingsSources _sources;
    private SettingsSnapshot _before;
    private string _seen;

    /// <summary>Reads the settings for the first time.</summary>
    /// <exception cref="SettingsException">Something is wrong with them.</exception>
    public SettingsWatch(SettingsReader reader, SettingsSources sources)
    {
        _reader = reader;
        _sources = sources;
        _seen = Look();
        Current = _before = reader.Read(sources);
    }

    /// <summary>The settings that are in force.</summary>
    public SettingsSnapshot Current { get; private set; }

    /// <summary>Where they are read from.</summary>
    public SettingsSources Sources => _sources;

    /// <summary>Looks once.</summary>
    /// <param name="changed">The keys whose value is another now.</param>
    /// <returns>Whether any is.</returns>
    /// <exception cref="SettingsException">An edited file is broken; <see cref="Current"/> is as before. It is said once for each edit.</exception>
    public bool TryUpdate(out IReadOnlyList<string> changed)
    {
        changed = [];
        string seen = Look();
        if (seen == _seen)
        {
            return false;
        }

        _seen = seen;
        SettingsSnapshot next = _reader.Read(_sources);
        changed = Current.Differences(next);
        (_before, Current) = (Current, next);
        return changed.Count > 0;
    }

    /// <summary>Leaves a setting as it was before the last update: it could not be taken up. It counts as changed again at the next edit.</summary>
    public void Refuse(string key) => Current = Current.With(key, _before);

    /// <summary>What tells one state of the files from another: when each was written, and how long it is.</summary>
    private string Look() => string.Join('|', _sources.Present.Select(file =>
    {
        FileInfo info = LinkedFile.Target(file);
        return info.Exists ? $"{file}:{info.LastWriteTimeUtc.Ticks}:{info.Length}" : "";
    }));
}
