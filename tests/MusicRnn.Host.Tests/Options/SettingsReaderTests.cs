using System.Diagnostics;
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
              "Midi": { "VelocityCurve": "Steep", "Chanel": 1 },
              "Sound": 5,
              "Modle": { "Path": "x" },
              "Parameters": { "temperature": 5, "Mode": "Sing", "playOn": 7, "patience": 4 },
              "Knobs": { "panic": 128 }
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
                $"Knobs:panic is 128; it must be a whole number from 0 to 127 (default: 118). [{file}]",
                "Logging:KeepDays is 0; it must be a whole number from 1 to 365 (default: 7). [environment variable MUSICRNN__Logging__KeepDays]",
                $"Midi:Chanel is not a setting; did you mean Midi:Channel? [{file}]",
                $"Midi:VelocityCurve is \"Steep\"; it must be Linear, Soft, Hard or Fixed (default: \"Linear\"). [{file}]",
                "Model:Seed is -1; it must be a whole number from 0 to 2147483647. [command line]",
                $"Modle:Path is not a setting; did you mean Model:Path? [{file}]",
                $"Parameters:Mode is \"Sing\"; it must be CallAndResponse, Endless or Listen (default: \"CallAndResponse\"). [{file}]",
                $"Parameters:patience is 4; it must be a number from 0.001 to 3. [{file}]",
                $"Parameters:playOn is 7; it must be true or false (default: false). [{file}]",
                $"Parameters:temperature is 5; it must be a number from 0.1 to 2 (default: 1). [{file}]",
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
    public void AFileThatIsEmptyOrAPipeIsRefusedAndALinkToASoundOneIsNot()
    {
        string empty = Write("empty.json", ""), pipe = Path.Combine(_folder.FullName, "pipe.json"), toPipe = Path.Combine(_folder.FullName, "to-pipe.json"), link = Path.Combine(_folder.FullName, "link.json");
        using (var make = Process.Start("mkfifo", [pipe]))
        {
            make.WaitForExit();
        }

        File.CreateSymbolicLink(toPipe, pipe);
        File.CreateSymbolicLink(link, Write("sound.json", """{ "Audio": { "Periods": 4 } }"""));

        SettingsException exception = Assert.Throws<SettingsException>(() => Reader.Read(Sources([empty, pipe, toPipe, "/dev/zero"])));

        Assert.Equal([empty, pipe, toPipe, "/dev/zero"], exception.Faults.Select(fault => fault.Place));
        Assert.All(exception.Faults, fault => Assert.Equal("this is empty, or no file but a pipe or a device. Put a settings file there, with {} in it at least.", fault.Problem));
        Assert.Equal(4, Reader.Read(Sources([link])).Settings.Audio.Periods);
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

    [Theory]
    [InlineData("""{ "Knobs": { "loop": 21 } }""", "Knobs:loop is 21, as Knobs:temperature is; each needs a controller of its own.")]
    [InlineData("""{ "Knobs": { "length": 64 } }""", "Knobs:length is 64, which is the sustain pedal (64) or a channel mode message (120-127); choose another controller.")]
    [InlineData("""{ "Knobs": { "length": 119 } }""", "Knobs:length is 119, as Knobs:state is; each needs a controller of its own.")]
    [InlineData("""{ "Parameters": { "rule": "Silence", "patience": 0.05 } }""", "Parameters:patience is 0.05; under the turn rule Silence it must be from 0.1 to 3 s, or null.")]
    public void KnobsAndParametersMustGoTogether(string text, string fault)
    {
        string file = Write("appsettings.json", text);

        SettingsException exception = Assert.Throws<SettingsException>(() => Reader.Read(Sources([Repository.Path("config", "appsettings.json"), file])));

        Assert.Equal($"{fault} [{file}]", Assert.Single(exception.Faults).ToString());
    }

    [Fact]
    public void ParametersReachTheirTableInTheirUnits()
    {
        string file = Write("appsettings.json", """{ "Parameters": { "temperature": 0.5, "rule": "Silence", "patience": 1.5, "playOn": true, "length": 12, "MODE": "listen" } }""");

        ParameterTable table = ParameterSettings.ToTable(Reader.Read(Sources([Repository.Path("config", "appsettings.json"), file])).Settings.Parameters);

        Assert.Equal(0.5, table.Unit(ParameterTable.Temperature), 9);
        Assert.Equal(TurnRule.Silence, (TurnRule)table.Step(ParameterTable.Rule));
        Assert.Equal(1.5, table.Unit(ParameterTable.Patience), 9);
        Assert.True(table.IsOn(ParameterTable.PlayOn));
        Assert.Equal(12, table.Step(ParameterTable.Length));
        Assert.Equal(PerformanceMode.Listen, (PerformanceMode)table.Step(ParameterTable.Mode));
    }

    [Fact]
    public void TheShippedKnobsAreTheInstrumentsOwn()
    {
        Settings settings = Reader.Read(Sources([Repository.Path("config", "appsettings.json")])).Settings;

        Assert.Equal(KnobMap.Default.Knobs.OrderBy(knob => knob.Controller), KnobSettings.ToMap(settings.Knobs).Knobs.OrderBy(knob => knob.Controller));
        Assert.Equal(119, KnobSettings.StateController(settings.Knobs));
    }

    [Fact]
    public void KnobsCanBeReadOnOneChannelAndTakenAway()
    {
        string file = Write("appsettings.json", """{ "Knobs": { "channel": 3, "panic": null, "mode": 30 } }""");

        KnobMap map = KnobSettings.ToMap(Reader.Read(Sources([Repository.Path("config", "appsettings.json"), file])).Settings.Knobs);

        Assert.All(map.Knobs, knob => Assert.Equal(2, knob.Channel));
        Assert.DoesNotContain(map.Knobs, knob => knob.Parameter == ParameterTable.Panic);
        Assert.Contains(new Knob(30, 2, ParameterTable.Mode), map.Knobs);
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
