using MusicRnn.Host.Options;
using MusicRnn.Performance;

namespace MusicRnn.Host.Tests.Options;

public sealed class SettingsReaderTests : IDisposable
{
    private static readonly SettingsReader Reader = new(new SettingsSchema());
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("musicrnn-settings-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void TheShippedSettingsAreTheDefaults()
    {
        SettingsSnapshot read = Reader.Read(Sources([Repository.Path("config", "appsettings.json")]));

        Assert.Equal("auto", read.Settings.Midi.Input);
        Assert.Equal(256, read.Settings.Audio.PeriodFrames);
        Assert.Null(read.Settings.Model.Seed);
        Assert.Null(read.Settings.Takes.Folder);
    }

    [Fact]
    public void LaterSourcesOverrideEarlierOnes()
    {
        string shipped = Write("shipped.json", """{ "Audio": { "PeriodFrames": 64, "Periods": 2, "SampleRate": 44100 }, "Midi": { "VelocityCurve": "Hard" } }""");
        string user = Write("user.json", """{ "Audio": { "PeriodFrames": 128, "Periods": 4 } }""");
        SettingsSources sources = Sources(
            [shipped, user],
            environment: new() { ["MUSICRNN__AUDIO__PERIODFRAMES"] = "512", ["MUSICRNN__Audio__Periods"] = "5" },
            commandLine: new() { ["Audio:Periods"] = "6" });

        Settings settings = Reader.Read(sources).Settings;

        Assert.Equal((44100, 512, 6), (settings.Audio.SampleRate, settings.Audio.PeriodFrames, settings.Audio.Periods));
        Assert.Equal(VelocityCurve.Hard, settings.Midi.VelocityCurve);
    }

    [Fact]
    public void EveryFaultIsNamedAtOnceWithKeyValueRangeAndPlace()
    {
        string file = Write("appsettings.json", """
            {
              "Audio": { "PeriodFrames": 3, "Periods": "many", "Output": "speakers" },
              "Midi": { "VelocityCurve": "Steep", "ProgramChange": 7, "Chanel": 1 },
              "Sound": 5,
              "Modle": { "Path": "x" }
            }
            """);
        SettingsSources sources = Sources([file], environment: new() { ["MUSICRNN__Logging__KeepDays"] = "0" }, commandLine: new() { ["Model:Seed"] = "-1" });

        SettingsException exception = Assert.Throws<SettingsException>(() => Reader.Read(sources));

        string[] faults = [.. exception.Faults.Select(fault => fault.ToString()).Order(StringComparer.Ordinal)];
        Assert.Equal(
            [
                $"Audio:Output is \"speakers\"; it must be auto, none, jack, alsa, alsa:NAME or file:PATH (default: \"auto\"). [{file}]",
                $"Audio:PeriodFrames is 3; it must be a whole number from 32 to 4096 (default: 256). [{file}]",
                $"Audio:Periods is many; it must be a whole number from 2 to 16 (default: 3). [{file}]",
                "Logging:KeepDays is 0; it must be a whole number from 1 to 365 (default: 7). [environment variable MUSICRNN__Logging__KeepDays]",
                $"Midi:Chanel is not a setting; did you mean Midi:Channel? [{file}]",
                $"Midi:ProgramChange is 7; it must be true or false (default: true). [{file}]",
                $"Midi:VelocityCurve is \"Steep\"; it must be Linear, Soft, Hard or Fixed (default: \"Linear\"). [{file}]",
                "Model:Seed is -1; it must be a whole number from 0 to 2147483647 (default: null). [command line]",
                $"Modle:Path is not a setting; did you mean Model:Path? [{file}]",
                $"Sound is 5; it must be a group of settings in braces. [{file}]",
            ],
            faults);
    }

    [Fact]
    public void AnUnknownKeyThatResemblesNothingIsAnsweredWithWhatThereIs()
    {
        string file = Write("appsettings.json", """{ "Takes": { "Compression": 1 }, "Orchestra": { "Strings": 4 } }""");

        SettingsException exception = Assert.Throws<SettingsException>(() => Reader.Read(Sources([file])));

        Assert.Contains("Takes:Compression is not a setting; Takes has Folder.", exception.Message, StringComparison.Ordinal);
        Assert.Contains("Orchestra:Strings is not a setting; the groups are Midi, Audio, Model", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ABrokenFileIsNamedWithLineAndColumnAlongsideEveryOtherFault()
    {
        string broken = Write("broken.json", "{\n  \"Audio\": { \"Periods\": 3 \n");
        string other = Write("other.json", """{ "Audio": { "Periods": 99 } }""");

        SettingsException exception = Assert.Throws<SettingsException>(() => Reader.Read(Sources([broken, other])));

        Assert.Equal(2, exception.Faults.Count);
        Assert.Contains($"{broken}, line 3, column 1: this is not JSON.", exception.Message, StringComparison.Ordinal);
        Assert.Contains("Audio:Periods is 99", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AMissingFileIsNamed()
    {
        string missing = Path.Combine(_folder.FullName, "none.json");

        SettingsException exception = Assert.Throws<SettingsException>(() => Reader.Read(Sources([missing])));

        Assert.Contains($"{missing}: the file cannot be read.", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SettingsThatContradictEachOtherAreAFault()
    {
        string file = Write("appsettings.json", """{ "Midi": { "MachineChannel": 4, "PlayerChannel": 4 } }""");

        SettingsException exception = Assert.Throws<SettingsException>(() => Reader.Read(Sources([file])));

        Assert.Equal($"Midi:MachineChannel is 4, as Midi:PlayerChannel is; each needs a channel of its own. [{file}]", Assert.Single(exception.Faults).ToString());
    }

    [Fact]
    public void CommentsAndTrailingCommasAreAllowed()
    {
        string file = Write("appsettings.json", "{ // mine\n \"Audio\": { \"Periods\": 4, }, }");

        Assert.Equal(4, Reader.Read(Sources([file])).Settings.Audio.Periods);
    }

    [Fact]
    public void TwoReadingsDifferInExactlyTheKeysThatChanged()
    {
        string file = Write("appsettings.json", """{ "Audio": { "Periods": 4 }, "Midi": { "Channel": 3 } }""");
        SettingsSnapshot before = Reader.Read(Sources([file]));
        Write("appsettings.json", """{ "Audio": { "Periods": 4 }, "Midi": { "Channel": 5 }, "Model": { "Seed": 1 } }""");

        Assert.Equal(["Midi:Channel", "Model:Seed"], Reader.Read(Sources([file])).Differences(before));
    }

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }

    private static SettingsSources Sources(string[] files, Dictionary<string, string?>? environment = null, Dictionary<string, string?>? commandLine = null) =>
        new(files, () => environment ?? [], commandLine ?? []);
}
