using System.Runtime.InteropServices;
using System.Text;

namespace MusicRnn.Performance;

/// <summary>Reads a <see cref="Journal"/> whose writer has ended, or was ended.</summary>
public static class JournalReader
{
    /// <summary>Reads a journal as the take that it is of.</summary>
    /// <exception cref="InvalidDataException">It is no journal, or its head is damaged.</exception>
    /// <exception cref="IOException">It cannot be read, or a living program still writes it.</exception>
    public static Take Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.None);
        byte[] head = new byte[Journal.Page];
        if (file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) < head.Length || Number<long>(head, Journal.MarkOffset) != Journal.Mark)
        {
            throw new InvalidDataException($"{path} is no journal of this instrument.");
        }

        int length = Number<int>(head, Journal.HeaderLengthOffset);
        if (length < 0 || length > file.Length - file.Position)
        {
            throw new InvalidDataException($"{path} is a damaged journal: its header is {length} bytes long.");
        }

        byte[] text = new byte[length];
        file.ReadExactly(text);
        if (Journal.Checksum(text, 0) != Number<uint>(head, Journal.HeaderChecksumOffset))
        {
            throw new InvalidDataException($"{path} is a damaged journal: its header's checksum is wrong.");
        }

        TakeHeader header = TakeHeader.Parse(Encoding.UTF8.GetString(text).Split('\n'), path);
        file.Position = Journal.Page + ((length + Journal.Page - 1) / Journal.Page * Journal.Page);
        var inputs = new List<InputEvent>();
        using var audience = new Audience(header.Settings);
        long end = Math.Max(header.Start, Number<long>(head, Journal.ReachedOffset));
        for (long place = 0; TryRead(file, place, out JournalRecord record); place++)
        {
            if (record.Way == JournalRecord.In)
            {
                inputs.Add(header.Translate(record.ToInput()));
                end = Math.Max(end, record.Stamp);
            }
            else
            {
                audience.Emit(record.ToOutput());
            }
        }

        audience.Emit(new OutputEvent(end, OutputKind.Release, default));
        audience.Hear(end + 1);
        return new Take(header, inputs, audience.Messages, end);
    }

    private static bool TryRead(FileStream file, long place, out JournalRecord record)
    {
        record = default;
        Span<byte> bytes = MemoryMarshal.AsBytes(new Span<JournalRecord>(ref record));
        return file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) == bytes.Length
            && record.Checksum != 0 && record.Checksum == record.ComputeChecksum(place) && record.Way is JournalRecord.In or JournalRecord.Out;
    }

    private static T Number<T>(byte[] bytes, int offset)
        where T : struct => MemoryMarshal.Read<T>(bytes.AsSpan(offset));
}
