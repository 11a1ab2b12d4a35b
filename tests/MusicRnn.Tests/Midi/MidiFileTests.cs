using MusicRnn.Midi;

namespace MusicRnn.Tests.Midi;

public class MidiFileTests
{
    private const long Millisecond = 1_000_000;

    [Fact]
    public void ReadsAFileOfFormatZeroWithRunningStatus()
    {
        // A quarter of C4 at 96 ticks, the release by velocity 0 under running status, then a program change of two bytes.
        MidiFile file = Read(0, 96, "00 90 3C 40  60 3C 00  00 C0 05  00 FF 2F 00");

        Assert.Equal(0, file.Format);
        Assert.Equal(1, file.TrackCount);
        Assert.Equal(500 * Millisecond, file.Duration);
        Assert.Equal(
            [
                new TrackMessage(0, 0, MidiMessage.NoteOn(0, 60, 64)),
                new TrackMessage(500 * Millisecond, 0, new MidiMessage(0x90, 60, 0)),
                new TrackMessage(500 * Millisecond, 0, MidiMessage.Program(0, 5)),
            ],
            file.Messages);
    }

    [Fact]
    public void TheTempoOfOneTrackHoldsForAll()
    {
        // 120 a minute for one quarter, then 60 a minute.
        MidiFile file = Read(1, 480, "00 FF 51 03 07 A1 20  83 60 FF 51 03 0F 42 40  00 FF 2F 00", "87 40 91 3C 40  83 60 81 3C 40  00 FF 2F 00");

        Assert.Equal([1500 * Millisecond, 2500 * Millisecond], file.Messages.Select(message => message.Time));
        Assert.All(file.Messages, message => Assert.Equal(1, message.Track));
        Assert.Equal([new TempoChange(0, 500_000), new TempoChange(500 * Millisecond, 1_000_000)], file.Tempos);
        Assert.Equal(120, file.Tempos[0].QuartersPerMinute);
    }

    [Fact]
    public void TempoChangesDoNotAddUpRoundingErrors()
    {
        // 1000 times: one tick of a 7th of 1 000 003 microseconds, the tempo said anew every time.
        string track = string.Concat(Enumerable.Repeat("01 FF 51 03 0F 42 43 ", 1000));
        MidiFile file = Read(1, 7, "00 FF 51 03 0F 42 43 " + track + "00 90 3C 40 00 FF 2F 00");

        Assert.Equal((long)Math.Round(1000 * 1_000_003_000m / 7), file.Messages[0].Time);
    }

    [Theory]
    [InlineData(-24, 100, 416_666_667)]
    [InlineData(-25, 40, 1_000_000_000)]
    [InlineData(-29, 100, 333_666_667)]
    [InlineData(-30, 100, 333_333_333)]
    public void SmpteDivisionsCountFramesOfFilmWhateverTheTempo(int framesPerSecond, int ticksPerFrame, long expected)
    {
        int division = ((framesPerSecond & 0xFF) << 8) | ticksPerFrame;
        MidiFile file = Read(1, division, "00 FF 51 03 0F 42 40  87 68 90 3C 40  00 FF 2F 00"); // 1000 ticks

        Assert.Equal(expected, file.Messages[0].Time);
        Assert.Empty(file.Tempos);
    }

    [Fact]
    public void TheTracksOfFormatTwoFollowOneAnotherEachInItsOwnTempo()
    {
        MidiFile file = Read(2, 480, "00 FF 51 03 0F 42 40  83 60 90 3C 40  83 60 FF 2F 00", "83 60 90 3E 40  00 FF 2F 00");

        Assert.Equal([1000 * Millisecond, 2500 * Millisecond], file.Messages.Select(message => message.Time));
    }

    [Fact]
    public void KeepsTextsAndTimeSignatures()
    {
        MidiFile file = Read(1, 480, "00 FF 03 02 C3 A9  00 FF 01 01 E9  00 FF 58 04 06 03 18 08  00 FF 20 01 00  00 FF 2F 00");

        Assert.Equal([new TrackText(0, 0, TextKind.TrackName, "é"), new TrackText(0, 0, TextKind.Text, "é")], file.Texts);
        Assert.Equal([new TimeSignature(0, 6, 8)], file.TimeSignatures);
    }

    [Theory]
    [InlineData("00 F0 03 01 02 F7  00 90 3C 40")] // System exclusive.
    [InlineData("00 F7 01 F8  00 90 3C 40")] // An escape.
    [InlineData("00 F8  00 F2 01 02  00 F3 01  00 F6  00 90 3C 40")] // System messages as a sloppy recorder leaves them.
    [InlineData("00 90 3C 40")] // No end of the track.
    [InlineData("00 90 3C 40 00 FF 2F 00 01 02 03")] // More after the end.
    [InlineData("00 FF 7F 00 00 FF 51 03 00 00 00 00 90 3C 40")] // A tempo of nothing.
    public void LetsThroughWhatDoesNotChangeTheMusic(string track) =>
        Assert.Equal([new TrackMessage(0, 0, MidiMessage.NoteOn(0, 60, 64))], Read(0, 480, track).Messages);

    [Fact]
    public void RunningStatusOutlivesAMetaEvent() =>
        Assert.Equal(2, Read(0, 480, "00 90 3C 40  00 FF 01 00  00 3E 40").Messages.Count);

    [Fact]
    public void ReadsPastForeignChunksALongHeaderAWrongCountAndARiffWrapper()
    {
        byte[] file = Bytes("4D546864 00000008 0001 0007 01E0 AAAA  58464948 00000003 010203  4D54726B 7FFFFFFF 00903C40");
        byte[] riff = [.. "RIFF"u8, 0, 0, 0, 0, .. "RMID"u8, .. "INFO"u8, 1, 0, 0, 0, 9, 0, .. "data"u8, (byte)file.Length, 0, 0, 0, .. file];

        Assert.Equal(MidiMessage.NoteOn(0, 60, 64), Assert.Single(MidiFile.Read(file, "bare").Messages).Message);
        Assert.Equal(MidiMessage.NoteOn(0, 60, 64), Assert.Single(MidiFile.Read(riff, "wrapped").Messages).Message);
    }

    [Theory]
    [InlineData("", "at byte 0, a MIDI file's header (MThd) is missing")]
    [InlineData("4D546864 00000006 0003 0001 01E0", "at byte 8, the format is 3")]
    [InlineData("4D546864 00000006 0001 0001 0000", "at byte 12, the division is 0")]
    [InlineData("4D546864 00000006 0001 0001 E600", "at byte 12, the division is 0 ticks a frame")]
    [InlineData("4D546864 00000005 0001 0001 01E0", "at byte 4, the header's length is 5")]
    [InlineData("4D546864 FFFFFFFF 0001 0001 01E0", "at byte 4, the header's length is 4294967295")]
    [InlineData("4D546864 00000006 0001 0001 01E0", "at byte 14, no track")]
    [InlineData("4D546864 00000006 0001 0001 01E0 4D54726B 00000004 003C4000", "at byte 23, 0x3C is a data byte")]
    [InlineData("4D546864 00000006 0001 0001 01E0 4D54726B 00000004 00903C90", "at byte 25, 0x90 stands where")]
    [InlineData("4D546864 00000006 0001 0001 01E0 4D54726B 00000003 00903C", "at byte 25, the track ends within a message")]
    [InlineData("4D546864 00000006 0001 0001 01E0 4D54726B 00000005 FFFFFFFF7F", "at byte 22, a delta time is a number of more than four bytes")]
    [InlineData("4D546864 00000006 0001 0001 01E0 4D54726B 00000006 00F0FFFFFF7F", "at byte 24, a system exclusive message of 268435455 bytes runs past")]
    [InlineData("4D546864 00000006 0001 0001 01E0 4D54726B 00000002 00F4", "at byte 23, 0xF4 is no status byte")]
    public void ABrokenFileSaysWhereAndWhat(string bytes, string message)
    {
        var exception = Assert.Throws<InvalidDataException>(() => MidiFile.Read(Bytes(bytes), "tune.mid"));

        Assert.StartsWith("tune.mid is not a sound MIDI file: " + message, exception.Message, StringComparison.Ordinal);
        Assert.EndsWith(". Export it anew, or choose another file.", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AFileThatGoesOnForMoreThanAWeekIsRefused()
    {
        string track = "00 FF 51 03 FF FF FF " + string.Concat(Enumerable.Repeat("FF FF FF 7F 90 3C 40 ", 3));

        Assert.Throws<InvalidDataException>(() => Read(0, 1, track));
    }

    [Fact]
    public void AFileTooLargeToBeMusicIsRefused() =>
        Assert.Throws<InvalidDataException>(() => MidiFile.Read(new byte[MidiFile.MaxBytes + 1], "large"));

    [Fact]
    public void AFileThatIsMissingIsNamed()
    {
        var exception = Assert.ThrowsAny<IOException>(() => MidiFile.Read("/nowhere/tune.mid"));

        Assert.Contains("/nowhere/tune.mid", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(40_000)]
    public async Task APipeIsReadToItsEnd(int notes)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("musicrnn-test-");
        try
        {
            string pipe = Path.Combine(folder.FullName, "pipe");
            await NamedPipe.MakeAsync(pipe);
            var writer = new MidiFileWriter();
            MidiTrackWriter track = writer.AddTrack();
            for (int i = 0; i < notes; i++)
            {
                track.Add(i * Millisecond, MidiMessage.NoteOn(0, 60, 60));
            }

            var written = Task.Run(() => File.WriteAllBytes(pipe, writer.ToArray()), TestContext.Current.CancellationToken);
            Assert.Equal(notes, MidiFile.Read(pipe).Messages.Count);
            await written;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    internal static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

    private static MidiFile Read(int format, int division, params string[] tracks)
    {
        string hex = $"4D546864 00000006 {format:X4} {tracks.Length:X4} {division:X4}";
        foreach (byte[] track in tracks.Select(Bytes))
        {
            hex += $"4D54726B {track.Length:X8} {Convert.ToHexString(track)}";
        }

        return MidiFile.Read(Bytes(hex), "test");
    }
}
