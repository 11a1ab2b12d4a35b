using System.Globalization;
using MusicRnn.Midi;
using MusicRnn.Synthesis;

namespace MusicRnn.Tests.Synthesis;

public class SoundFontTests
{
    [Fact]
    public void TheShippedFontHoldsFourteenPresets()
    {
        Assert.Equal([0, 4, 6, 8, 11, 16, 24, 32, 40, 46, 56, 71, 73, 89], ShippedFont.Font.Presets.Select(preset => preset.Program));
        Assert.All(ShippedFont.Font.Presets, preset => Assert.Equal(0, preset.Bank));
        Assert.Equal("Fluid R3, fourteen presets", ShippedFont.Font.Name);
    }

    [Fact]
    public async Task APipeIsNoFontAndIsNotWaitedFor()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("musicrnn-test-");
        try
        {
            string pipe = Path.Combine(folder.FullName, "font.sf2");
            await NamedPipe.MakeAsync(pipe);
            var loading = Task.Run(() => SoundFont.Load(pipe, SampleStorage.Mapped), TestContext.Current.CancellationToken);
            InvalidDataException refused = await Assert.ThrowsAsync<InvalidDataException>(() => loading.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
            Assert.StartsWith($"{pipe}: it ends at byte 0: it is empty, or no file but a pipe or a device", refused.Message, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void AMappedFontSoundsLikeOneInMemory()
    {
        SoundFont mapped = SoundFont.Load(ShippedFont.Path, SampleStorage.Mapped);
        (long Frame, MidiMessage Message)[] score = Score.Random(60, 20_000, 5);
        float[] expected = Score.Render(new Synthesizer(ShippedFont.Font, new SynthesizerOptions()), score, 30_000, 512);
        Assert.Equal(expected, Score.Render(new Synthesizer(mapped, new SynthesizerOptions()), score, 30_000, 512));
    }

    [Fact]
    public void PreparingAPresetBringsItsSamplesIntoMemoryAndNoOthers()
    {
        const int Points = 500_000, Others = 8, Kilobytes = Points * sizeof(short) / 1024;
        FontBuilder builder = new();
        int mine = builder.Instrument(ZoneSpec.Of(builder.Sample(new int[Points], 0, Points)));
        int other = builder.Instrument([.. Enumerable.Range(0, Others).Select(_ => ZoneSpec.Of(builder.Sample(new int[Points], 0, Points)))]);
        builder.Preset(0, 0, ZoneSpec.Of(other)).Preset(0, 1, ZoneSpec.Of(mine));
        FontBuilder.InFile(builder.ToArray(), path =>
        {
            SoundFont font = SoundFont.Load(path, SampleStorage.Mapped);
            Assert.Equal(0, Resident(path));
            font.Find(0, 1)!.Prepare();
            Assert.InRange(Resident(path), Kilobytes, Others * Kilobytes / 2); // the kernel maps up to 2 MB around what is read
            GC.KeepAlive(font);
            return 0;
        });
    }

    [Fact(Timeout = 10_000)]
    public async Task PreparingAPresetThatNamesItsSamplesOverAndOverIsSoonDone()
    {
        FontBuilder builder = new();
        int sample = builder.Sine();
        int instrument = builder.Instrument([.. Enumerable.Range(0, 65_000).Select(_ => ZoneSpec.Of(sample))]);
        SoundFont font = FontBuilder.Load(builder.Preset(0, 0, [.. Enumerable.Range(0, 65_000).Select(_ => ZoneSpec.Of(instrument))]).ToArray(), SampleStorage.Mapped);
        await Task.Run(font.Find(0, 0)!.Prepare, TestContext.Current.CancellationToken);
    }

    [Fact]
    public void AFileThatIsNoFontIsRefusedByName()
    {
        InvalidDataException e = Assert.Throws<InvalidDataException>(() => FontBuilder.Load("MThd and more bytes that are not a font"u8.ToArray()));
        Assert.Contains("not a SoundFont", e.Message, StringComparison.Ordinal);
        Assert.Contains(".sf2", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AFontCutShortIsRefusedWithThePlace()
    {
        byte[] bytes = Small().ToArray();
        foreach (int length in (int[])[0, 11, 12, 40, 200, bytes.Length / 2, bytes.Length - 40])
        {
            InvalidDataException e = Assert.Throws<InvalidDataException>(() => FontBuilder.Load(bytes[..length]));
            Assert.Matches(@"byte \d+|no \w+ chunk", e.Message);
        }
    }

    [Fact]
    public void ACompressedFontIsRefusedWithAdvice()
    {
        byte[] bytes = Small().ToArray();
        bytes[bytes.AsSpan().IndexOf("ifil"u8) + 8] = 3;
        Assert.Contains(".sf2", Assert.Throws<InvalidDataException>(() => FontBuilder.Load(bytes)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AReferenceToNoInstrumentOrSampleIsRefused()
    {
        FontBuilder builder = new();
        builder.Sine();
        builder.Instrument(ZoneSpec.Of(7));
        builder.Preset(0, 0, ZoneSpec.Of(0));
        Assert.Contains("sample 7", Assert.Throws<InvalidDataException>(() => builder.Load()).Message, StringComparison.Ordinal);
        FontBuilder other = new();
        other.Instrument(ZoneSpec.Of(other.Sine()));
        other.Preset(0, 0, ZoneSpec.Of(3));
        Assert.Contains("instrument 3", Assert.Throws<InvalidDataException>(() => other.Load()).Message, StringComparison.Ordinal);
    }

    /// <summary>Damaged at random, a font is refused as damaged or plays something finite, soon, and within its bound of memory.</summary>
    [Fact]
    public void MutatedFontsAreRefusedOrPlayed()
    {
        byte[] whole = Small().ToArray();
        Random random = new(20_26);
        int played = 0;
        float[] left = new float[2048];
        float[] right = new float[2048];
        for (int round = 0; round < 3000; round++)
        {
            byte[] bytes = Mutate(whole, random);
            SoundFont font;
            try
            {
                font = FontBuilder.Load(bytes, (SampleStorage)(round % 2));
            }
            catch (InvalidDataException e)
            {
                Assert.NotEmpty(e.Message);
                continue;
            }

            played++;
            Synthesizer synthesizer = new(font, new SynthesizerOptions { Polyphony = 24, Interpolation = (Interpolation)(round % 3) });
            foreach (Preset preset in font.Presets.Take(3))
            {
                synthesizer.Play(MidiMessage.Control(0, Controller.BankSelect, preset.Bank));
                synthesizer.Play(MidiMessage.Program(0, preset.Program));
                for (int key = 10; key < 127; key += 23)
                {
                    synthesizer.Play(MidiMessage.NoteOn(0, key, 1 + (key * 7 % 127)));
                }

                synthesizer.Render(left, right);
                synthesizer.Play(MidiMessage.Control(0, Controller.AllNotesOff, 0));
                synthesizer.Render(left, right);
                foreach (float sample in left)
                {
                    Assert.InRange(sample, -1f, 1f); // false for NaN too
                }
            }
        }

        Assert.InRange(played, 300, 2900); // both ways are taken
    }

    /// <summary>A font whose few bytes multiply: every note would start 65 535 x 65 535 voices.</summary>
    [Fact]
    public void AFontThatMultipliesItsZonesCannotStallANote()
    {
        FontBuilder builder = new();
        int sample = builder.Sine();
        int instrument = builder.Instrument([.. Enumerable.Range(0, 20_000).Select(_ => ZoneSpec.Of(sample).With(Generator.SampleModes, 1))]);
        builder.Preset(0, 0, [.. Enumerable.Range(0, 20_000).Select(_ => ZoneSpec.Of(instrument))]);
        Synthesizer synthesizer = new(builder.Load(), new SynthesizerOptions { Polyphony = 64 });
        for (int key = 0; key < 128; key++)
        {
            synthesizer.Play(MidiMessage.NoteOn(0, key, 100));
        }

        Assert.InRange(synthesizer.SoundingVoices, 1, 64 + 32);
    }

    /// <summary>Kilobytes of a mapped file that this process has in memory.</summary>
    private static int Resident(string path) => File.ReadLines("/proc/self/smaps")
        .SkipWhile(line => !line.EndsWith(path, StringComparison.Ordinal))
        .First(line => line.StartsWith("Rss:", StringComparison.Ordinal))
        .Split(' ', StringSplitOptions.RemoveEmptyEntries) is { } row ? int.Parse(row[1], CultureInfo.InvariantCulture) : 0;

    private static FontBuilder Small()
    {
        FontBuilder builder = new() { IsFine = true };
        int sine = builder.Sine();
        int noise = builder.Sample([.. Enumerable.Range(0, 500).Select(i => (i * 7919 * 4099 % 8_000_000) - 4_000_000)], 20, 400, 32_000, 60);
        int one = builder.Instrument(
            ZoneSpec.Global().With(Generator.FilterCutoff, 9000).Moved(0x0081, Generator.FilterCutoff, 2000),
            ZoneSpec.Of(sine).Keys(0, 60).With(Generator.SampleModes, 1).With(Generator.VolumeEnvelopeRelease, -2000),
            ZoneSpec.Of(noise).Keys(40, 127).With(Generator.SampleModes, 3).With(Generator.ExclusiveClass, 2).With(Generator.StartAddressOffset, 10));
        int two = builder.Instrument(ZoneSpec.Of(noise).Moved(0x0502, Generator.Attenuation, 300).With(Generator.ModulationEnvelopeToPitch, 700));
        return builder
            .Preset(0, 0, ZoneSpec.Global().With(Generator.ReverbSend, 100), ZoneSpec.Of(one), ZoneSpec.Of(two).Velocities(64, 127).With(Generator.Pan, -200))
            .Preset(0, 40, ZoneSpec.Of(two).With(Generator.CoarseTune, -12))
            .Preset(128, 0, ZoneSpec.Of(one));
    }

    private static byte[] Mutate(byte[] whole, Random random)
    {
        byte[] bytes = [.. whole];
        int tables = bytes.AsSpan().IndexOf("pdta"u8);
        int changes = 1 + random.Next(8);
        for (int i = 0; i < changes; i++)
        {
            int at = random.Next(4) == 0 ? random.Next(bytes.Length) : random.Next(tables, bytes.Length);
            bytes[at] = random.Next(3) switch
            {
                0 => (byte)random.Next(256),
                1 => (byte)(bytes[at] ^ (1 << random.Next(8))),
                _ => new byte[] { 0, 1, 0x7F, 0x80, 0xFF }[random.Next(5)],
            };
        }

        return random.Next(12) == 0 ? bytes[..random.Next(bytes.Length)] : bytes;
    }
}
