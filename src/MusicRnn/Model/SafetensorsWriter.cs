using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;

namespace MusicRnn.Model;

/// <summary>Gathers tensors and writes them as a safetensors file, which appears whole or not at all; among its metadata is the SHA-256 of the tensors' bytes.</summary>
public sealed unsafe class SafetensorsWriter
{
    private readonly List<(SafetensorsEntry Entry, NativeFloats Buffer, long First)> _tensors = [];
    private readonly SortedDictionary<string, string> _metadata = new(StringComparer.Ordinal);
    private long _length;

    /// <summary>Adds free text.</summary>
    public void AddText(string key, string value) => _metadata[key] = value;

    /// <summary>Adds a tensor: floats of a buffer that must live until <see cref="Write"/>.</summary>
    public void Add(string name, IReadOnlyList<long> shape, NativeFloats buffer, long first = 0)
    {
        long length = shape.Aggregate(1L, (product, dimension) => product * dimension);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first + length, buffer.Length);
        _tensors.Add((new SafetensorsEntry(name, shape, _length, length), buffer, first));
        _length += length * sizeof(float);
    }

    /// <summary>Writes the file beside its place, flushes it to the disk, and moves it there: a kill leaves the old file or the new.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Write(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        WholeFile.Write(path, to =>
        {
            using var file = new FileStream(to, FileMode.Create, FileAccess.Write);
            byte[] header = MakeHeader();
            Span<byte> prefix = stackalloc byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(prefix, header.Length);
            file.Write(prefix);
            file.Write(header);
            foreach ((SafetensorsEntry entry, NativeFloats buffer, long first) in _tensors)
            {
                file.Write(new ReadOnlySpan<byte>(buffer.Pointer + first, checked((int)(entry.Length * sizeof(float)))));
            }

            file.Flush(flushToDisk: true);
        });
    }

    private string Hash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach ((SafetensorsEntry entry, NativeFloats buffer, long first) in _tensors)
        {
            hash.AppendData(new ReadOnlySpan<byte>(buffer.Pointer + first, checked((int)(entry.Length * sizeof(float)))));
        }

        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }

    private byte[] MakeHeader()
    {
        AddText(SafetensorsFile.HashKey, Hash());
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteStartObject("__metadata__");
            foreach ((string key, string value) in _metadata)
            {
                json.WriteString(key, value);
            }

            json.WriteEndObject();
            foreach ((SafetensorsEntry entry, _, _) in _tensors)
            {
                json.WriteStartObject(entry.Name);
                json.WriteString("dtype", "F32");
                json.WriteStartArray("shape");
                foreach (long dimension in entry.Shape)
                {
                    json.WriteNumberValue(dimension);
                }

                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(entry.Offset);
                json.WriteNumberValue(entry.Offset + (entry.Length * sizeof(float)));
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        while (stream.Length % 8 != 0)
        {
            stream.WriteByte((byte)' '); // the tensors begin on a multiple of eight bytes
        }

        return stream.ToArray();
    }
}
