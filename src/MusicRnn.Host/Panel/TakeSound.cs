using System.Buffers.Binary;
using MusicRnn.Midi;
using MusicRnn.Performance;

namespace MusicRnn.Host.Panel;

/// <summary>A take as sound, rendered as it is sent: a WAV file of 16 bits, stereo.</summary>
internal static class TakeSound
{
    private const int Rate = 44_100;
    private const int Block = 1024;
    private const int FrameBytes = 4;
    private const double Tail = 3; // seconds, for the last notes to die away

    /// <summary>Bytes of the WAV file of a take so long.</summary>
    public static long Length(double seconds) => 44 + (Frames(seconds) * FrameBytes);

    /// <summary>Renders a take's file.</summary>
    /// <param name="file">The MIDI file.</param>
    /// <param name="seconds">How long it is.</param>
    /// <param name="instruments">Makes the synthesiser for a sample rate.</param>
    /// <param name="program">The player's instrument.</param>
    /// <param name="playerChannel">The player's channel.</param>
    /// <param name="output">Where the WAV file goes.</param>
    /// <param name="stop">Ends it early.</param>
    public static async Task WriteAsync(
        string file, double seconds, Func<int, IInstrument> instruments, int program, int playerChannel, Stream output, CancellationToken stop)
    {
        MidiFile midi = MidiFile.Read(file);
        IInstrument instrument = instruments(Rate);
        instrument.Play(MidiMessage.Program(playerChannel, program));
        long frames = Frames(seconds);
        await output.WriteAsync(Header(frames), stop);
        float[] left = new float[Block], right = new float[Block];
        byte[] bytes = new byte[Block * FrameBytes];
        int next = 0;
        for (long frame = 0; frame < frames;)
        {
            while (next < midi.Messages.Count && FrameOf(midi.Messages[next].Time) <= frame)
            {
                instrument.Play(midi.Messages[next++].Message);
            }

            long until = next < midi.Messages.Count ? Math.Min(FrameOf(midi.Messages[next].Time), frames) : frames;
            int count = (int)Math.Min(Block, until - frame);
            instrument.Render(left.AsSpan(0, count), right.AsSpan(0, count));
            for (int i = 0; i < count; i++)
            {
                BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(i * FrameBytes), Sample(left[i]));
                BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan((i * FrameBytes) + 2), Sample(right[i]));
            }

            await output.WriteAsync(bytes.AsMemory(0, count * FrameBytes), stop);
            frame += count;
        }
    }

    private static long Frames(double seconds) => (long)((seconds + Tail) * Rate);

    private static long FrameOf(long time) => (long)(time / 1e9 * Rate);

    private static short Sample(float value) => (short)Math.Round(Math.Clamp(value, -1f, 1f) * short.MaxValue);

    private static byte[] Header(long frames)
    {
        byte[] header = new byte[44];
        uint length = (uint)(frames * FrameBytes);
        "RIFF"u8.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(4), 36 + length);
        "WAVEfmt "u8.CopyTo(header.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(16), 16);
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(20), 1);
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(22), 2);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(24), Rate);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(28), Rate * FrameBytes);
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(32), FrameBytes);
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(34), 16);
        "data"u8.CopyTo(header.AsSpan(36));
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(40), length);
        return header;
    }
}
