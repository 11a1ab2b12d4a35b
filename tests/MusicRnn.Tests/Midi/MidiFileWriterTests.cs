using FsCheck;
using FsCheck.Fluent;
using MusicRnn.Midi;

namespace MusicRnn.Tests.Midi;

public class MidiFileWriterTests
{
    private const long Tick = 20_000;

    private static Gen<MidiMessage> Messages =>
        from kind in Gen.Elements(MidiKind.NoteOff, MidiKind.NoteOn, MidiKind.KeyPressure, MidiKind.ControlChange, MidiKind.ProgramChange, MidiKind.ChannelPressure, MidiKind.PitchBend)
        from channel in Gen.Choose(0, 15)
        from first in Gen.Choose(0, 127)
        from second in Gen.Choose(0, 127)
        let message = MidiMessage.Of(kind, channel, first, second)
        select message.Length == 2 ? message with { Data2 = 0 } : message;

    private static Gen<(long Delta, MidiMessage Message)[]> Tracks =>
        (from delta in Gen.Frequency((3, Gen.Constant(0)), (6, Gen.Choose(0, 100_000)), (1, Gen.Choose(0, int.MaxValue)))
         from message in Messages
         select ((long)delta * Tick, message)).ArrayOf();

    [Fact]
    public void WhatIsWrittenIsReadBack() =>
        Prop.ForAll(Tracks.ArrayOf().Resize(30).ToArbitrary(), tracks =>
        {
            var writer = new MidiFileWriter();
            var expected = new List<TrackMessage>();
            for (int i = 0; i < tracks.Length; i++)
            {
                MidiTrackWriter track = writer.AddTrack($"track {i}");
                long time = 0;
                foreach ((long delta, MidiMessage message) in tracks[i])
                {
                    time = Math.Min(time + delta, MidiFile.MaxTime);
                    track.Add(time, message);
                    expected.Add(new TrackMessage(time, i, message));
                }
            }

            writer.AddTrack("end");
            MidiFile file = MidiFile.Read(writer.ToArray(), "written");
            Assert.Equal(expected.OrderBy(message => message.Time), file.Messages); // OrderBy is stable.
            Assert.Equal([.. Enumerable.Range(0, tracks.Length).Select(i => $"track {i}"), "end"], file.Texts.Select(text => text.Text));
            Assert.Equal(tracks.Length + 1, file.TrackCount);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void TextsAreReadBack() =>
        Prop.ForAll(Gen.Elements("a", "", "é", "\u4E2D", "\U0001F3B9", "\n", "\0").ArrayOf().Select(string.Concat).ToArbitrary(), text =>
        {
            var writer = new MidiFileWriter();
            writer.AddTrack().AddText(Tick, TextKind.Marker, text);

            Assert.Equal([new TrackText(Tick, 0, TextKind.Marker, text)], MidiFile.Read(writer.ToArray(), "written").Texts);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void RandomBytesAreReadOrRefused() =>
        Prop.ForAll(Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf().Resize(400).ToArbitrary(), bytes =>
        {
            byte[] header = MidiFileTests.Bytes("4D546864 00000006 0001 0001 01E0");
            byte[] track = MidiFileTests.Bytes("4D54726B 00000190");
            AssertReadOrRefused(bytes);
            AssertReadOrRefused([.. header, .. bytes]);
            AssertReadOrRefused([.. header, .. track, .. bytes]);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void ASoundFileWithBytesChangedIsReadOrRefused()
    {
        var writer = new MidiFileWriter();
        MidiTrackWriter track = writer.AddTrack("a name");
        track.AddTimeSignature(0, 3, 4);
        for (int i = 0; i < 40; i++)
        {
            track.Add(i * 100 * Tick, MidiMessage.NoteOn(i % 16, 40 + i, 1 + i));
        }

        byte[] sound = writer.ToArray();
        Prop.ForAll((from at in Gen.Choose(0, sound.Length - 1) from value in Gen.Choose(0, 255) select (at, value)).ArrayOf().Resize(8).ToArbitrary(), changes =>
        {
            byte[] bytes = [.. sound];
            foreach ((int at, int value) in changes)
            {
                bytes[at] = (byte)value;
            }

            AssertReadOrRefused(bytes);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void TempoAndTimeSignatureAreWritten()
    {
        var writer = new MidiFileWriter(480, 600_000);
        MidiTrackWriter track = writer.AddTrack();
        track.AddTimeSignature(0, 6, 8);
        track.Add(600_000_000, MidiMessage.NoteOn(0, 60, 1));
        MidiFile file = MidiFile.Read(writer.ToArray(), "written");

        Assert.Equal([new TempoChange(0, 600_000)], file.Tempos);
        Assert.Equal([new TimeSignature(0, 6, 8)], file.TimeSignatures);
        Assert.Equal(600_000_000, file.Messages[0].Time);
    }

    [Fact]
    public void TimesComeBackHoweverOftenTheTempoChanges()
    {
        const int Division = 24_960;
        Prop.ForAll((from length in Gen.Choose(200_000, 1_500_000) from quarters in Gen.Choose(1, 960) select (length, quarters)).ArrayOf().Resize(60).ToArbitrary(), changes =>
        {
            var writer = new MidiFileWriter(Division);
            MidiTrackWriter first = writer.AddTrack(), second = writer.AddTrack();
            var tempos = new List<TempoChange> { new(0, 500_000) };
            var times = new List<long>();
            long time = 0;
            foreach ((int length, int quarters) in changes)
            {
                time += quarters * 1_000_000_000L / 480;
                first.AddTempo(time, length);
                first.Add(time + 7_000_000, MidiMessage.NoteOn(0, 60, 1));
                second.Add(time + 9_000_000, MidiMessage.NoteOn(1, 60, 1));
                times.AddRange([time + 7_000_000, time + 9_000_000]);
                tempos.Add(new TempoChange(time, length));
                time += 10_000_000;
            }

            MidiFile file = MidiFile.Read(writer.ToArray(), "written");
            Assert.Equal(tempos.Select(tempo => tempo.Quarter), file.Tempos.Select(tempo => tempo.Quarter));
            Assert.All(tempos.Zip(file.Tempos), pair => Assert.InRange(pair.First.Time - pair.Second.Time, -31_000, 31_000)); // half a tick
            Assert.All(times.Zip(file.Messages), pair => Assert.InRange(pair.First - pair.Second.Time, -31_000, 31_000));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void WritingToAFileReplacesTheOldOneWhole()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            File.WriteAllBytes(path, new byte[1000]);
            var writer = new MidiFileWriter();
            writer.AddTrack("one");
            writer.Write(path);

            Assert.Equal(writer.ToArray(), File.ReadAllBytes(path));
            Assert.Equal("one", MidiFile.Read(path).Texts[0].Text);
            Assert.Empty(Directory.GetFiles(Path.GetTempPath(), Path.GetFileName(path) + ".*.part"));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static void AssertReadOrRefused(byte[] bytes)
    {
        try
        {
            MidiFile file = MidiFile.Read(bytes, "random");
            Assert.All(file.Messages, message => Assert.InRange(message.Time, 0, MidiFile.MaxTime));
            Assert.True(file.Messages.Count + file.Texts.Count <= bytes.Length);
        }
        catch (InvalidDataException exception)
        {
            Assert.StartsWith("random is not a sound MIDI file: at byte ", exception.Message, StringComparison.Ordinal);
        }
    }
}
