using MusicRnn.Midi;
using MusicRnn.Synthesis;

namespace MusicRnn.Tests.Synthesis;

public class SoundBankTests
{
    private static readonly SoundBank Bank = new(ShippedFont.Font);

    [Theory]
    [InlineData("violin", 40)]
    [InlineData("Grand Piano", 0)]
    [InlineData("piano", 0)]
    [InlineData("yamaha grand piano", 0)]
    [InlineData("Acoustic Grand Piano", 0)]
    [InlineData("warm pad", 89)]
    [InlineData("Pad 2 (warm)", 89)]
    [InlineData("harp", 46)] // not the harpsichord, which comes first and begins so
    [InlineData("orchestral harp", 46)]
    [InlineData("40", 40)]
    [InlineData("0:73", 73)]
    public void AnInstrumentIsFoundByNameOrNumber(string asked, int program) =>
        Assert.Equal(program, Bank.Find(asked).Preset!.Program);

    [Theory]
    [InlineData("viollin", "Violin (0:40)")]
    [InlineData("clarinett", "Clarinet (0:71)")]
    [InlineData("pinao", "Yamaha Grand Piano (0:0)")]
    public void AMisspeltInstrumentIsAnsweredWithCloseNames(string asked, string close) =>
        Assert.Contains(close, Assert.Throws<ArgumentException>(() => Bank.Find(asked)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(1, 0)] // bright piano: the grand
    [InlineData(5, 4)] // electric piano
    [InlineData(19, 16)] // church organ: drawbar
    [InlineData(42, 40)] // cello: violin
    [InlineData(48, 40)] // string ensemble: the strings' family
    [InlineData(60, 56)] // French horn: trumpet
    [InlineData(64, 71)] // soprano saxophone: clarinet
    [InlineData(93, 89)] // metallic pad: warm
    public void AProgramThatNobodyHasIsPlayedByTheNearestOfItsFamily(int program, int nearest)
    {
        PresetMatch match = Bank.Find(0, program);
        Assert.Equal(nearest, match.Preset!.Program);
        Assert.Equal(PresetSource.Nearest, match.Source);
        Assert.Contains(GeneralMidiNames.Of(program), Bank.Explain(match, program)!, StringComparison.Ordinal);
    }

    [Fact]
    public void AnotherBankFallsBackToTheBaseBank()
    {
        PresetMatch match = Bank.Find(8, 40);
        Assert.Equal((40, PresetSource.BaseBank), (match.Preset!.Program, match.Source));
        Assert.Null(Bank.Explain(Bank.Find(0, 40), 40));
    }

    [Fact]
    public void WithoutAnyPercussionTheTenthChannelIsSilentAndSaysSo()
    {
        Synthesizer synthesizer = new(Bank, new SynthesizerOptions());
        synthesizer.Play(MidiMessage.NoteOn(9, 38, 100));
        Assert.Equal(0, synthesizer.SoundingVoices);
        Assert.Contains("percussion", Bank.Explain(Bank.Find(Preset.PercussionBank, 0), 0)!, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatTheFontLacksComesFromTheOtherFont()
    {
        FontBuilder builder = new();
        int instrument = builder.Instrument(ZoneSpec.Of(builder.Sine()).With(Generator.SampleModes, 1));
        SoundFont other = builder.Preset(0, 0, ZoneSpec.Of(instrument)).Preset(0, 60, ZoneSpec.Of(instrument)).Preset(128, 0, ZoneSpec.Of(instrument)).Load();
        SoundBank bank = new(ShippedFont.Font, other);
        Assert.Same(ShippedFont.Font, bank.Find(0, 0).Preset!.Font);
        Assert.Equal((60, PresetSource.SystemFont), (bank.Find(0, 60).Preset!.Program, bank.Find(0, 60).Source));
        Assert.Equal(60, bank.Find("French Horn").Preset!.Program);
        Synthesizer synthesizer = new(bank, new SynthesizerOptions());
        synthesizer.Play(MidiMessage.NoteOn(9, 38, 100));
        Assert.Equal(1, synthesizer.SoundingVoices);
        Assert.Contains(" has no percussion: ", bank.Explain(bank.Find(Preset.PercussionBank, 0), 0)!, StringComparison.Ordinal);
    }

    [Fact]
    public void SystemFontsAreFoundTheDefaultFirst()
    {
        string folder = Directory.CreateTempSubdirectory("musicrnn-fonts-").FullName;
        try
        {
            foreach ((string name, int size) in (ReadOnlySpan<(string, int)>)[("Small_GM.sf2", 10), ("Big_GM.sf2", 20), ("Huge.sf2", 30), ("default.sf2", 5), ("read.me", 1)])
            {
                File.WriteAllBytes(Path.Combine(folder, name), new byte[size]);
            }

            File.CreateSymbolicLink(Path.Combine(folder, "lost_GM.sf2"), Path.Combine(folder, "gone.sf2"));
            File.CreateSymbolicLink(Path.Combine(folder, "round_GM.sf2"), Path.Combine(folder, "round_GM.sf2"));
            Assert.Equal(
                ["default.sf2", "Big_GM.sf2", "Small_GM.sf2", "Huge.sf2"],
                SystemFonts.Find([Path.Combine(folder, "missing"), folder]).Select(path => Path.GetFileName(path)));
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }
}
