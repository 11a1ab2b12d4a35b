using MusicRnn.Midi;

namespace MusicRnn.Tests.Midi;

public class MidiFileRecorderTests
{
    private const long Tick = 20_000;

    [Fact]
    public void TheFileIsWholeAfterEveryByteWritten()
    {
        using var stream = new CutStream();
        var recorder = new MidiFileRecorder(stream, 25_000, 500_000);
        stream.States.Clear(); // Before the constructor is through there is no file yet.
        var expected = new List<TrackMessage>();
        int flushed = 0;
        for (int i = 0; i < 40; i++)
        {
            for (int j = 0; j < i % 5; j++)
            {
                expected.Add(new TrackMessage(expected.Count * 500 * Tick, 0, MidiMessage.NoteOn(i % 16, 40 + i, 1 + j)));
                recorder.Add(expected[^1].Time, expected[^1].Message);
            }

            recorder.Flush();
            foreach (byte[] state in stream.States)
            {
                IReadOnlyList<TrackMessage> messages = MidiFile.Read(state, "cut").Messages;
                Assert.InRange(messages.Count, flushed, expected.Count);
                Assert.Equal(expected.Take(messages.Count), messages);
            }

            flushed = expected.Count;
            stream.States.Clear();
            Assert.Equal(expected, MidiFile.Read(stream.ToArray(), "flushed").Messages);
        }

        Assert.Equal(80, flushed);
    }

    [Fact]
    public void OtherReadersFindOneTrackOfTheRightLengthThatFillsTheFile()
    {
        using var stream = new MemoryStream();
        var recorder = new MidiFileRecorder(stream, 480, 500_000);
        recorder.AddText(0, TextKind.TrackName, "é");
        recorder.Flush();
        recorder.Add(500_000_000, MidiMessage.Program(3, 4));
        recorder.Flush();

        // Header, tempo, name, the end that was, the program change a quarter later, the end.
        Assert.Equal(
            MidiFileTests.Bytes("4D546864 00000006 0001 0001 01E0 4D54726B 0000001D 00FF510307A120 00FF7F00 00FF0302C3A9 00FF7F00 8360C304 00FF2F00"),
            stream.ToArray());
    }

    [Fact]
    public void ClosingFlushes()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            using (var recorder = new MidiFileRecorder(path))
            {
                Assert.Empty(MidiFile.Read(path).Messages);
                recorder.Add(Tick, MidiMessage.NoteOn(0, 60, 1));
            }

            Assert.Equal([new TrackMessage(Tick, 0, MidiMessage.NoteOn(0, 60, 1))], MidiFile.Read(path).Messages);
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Keeps what the file would be if the process were killed after each byte; the bytes that are patched in place are of one write, whole or not at all.</summary>
    private sealed class CutStream : MemoryStream
    {
        public List<byte[]> States { get; } = [];

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (Position < Length)
            {
                base.Write(buffer);
                States.Add(ToArray());
                return;
            }

            foreach (byte value in buffer)
            {
                base.Write([value]);
                States.Add(ToArray());
            }
        }
    }
}
