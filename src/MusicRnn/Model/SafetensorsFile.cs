using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;

namespace MusicRnn.Model;

/// <summary>
/// A safetensors file, open for reading: eight bytes of header length, a JSON header, then the tensors' bytes
/// (github.com/huggingface/safetensors, format description). Everything the header says is checked against the file
/// before any of it is believed. Only 32-bit floats are read.
/// </summary>
public sealed unsafe class SafetensorsFile : IDisposable
{
    /// <summary>Under this key the metadata tell the SHA-256 of the tensors' bytes, in lower-case hexadecimal.</summary>
    internal const string HashKey = "sha256";

    private const long LongestHeader = 16 << 20;
    private const int MostDimensions = 8;
    private const int HashedAtOnce = 1 << 20;

    private readonly SafeFileHandle _file;
    private readonly string _path;
    private readonly long _dataStart;
    private readonly long _dataLength;
    private readonly Dictionary<string, SafetensorsEntry> _entries = [];
    private readonly Dictionary<string, string> _metadata = [];

    private SafetensorsFile(string path)
    {
        _path = path;
        if (LinkedFile.Target(path) is { Exists: true, Length: 0 }) // a pipe would be waited for without end, and has no length
        {
            throw Broken("it is empty, or no file but a pipe or a device");
        }

        _file = File.OpenHandle(path);
        try
        {
            long length = RandomAccess.GetLength(_file);
            Span<byte> prefix = stackalloc byte[8];
            if (length < 8 || RandomAccess.Read(_file, prefix, 0) < 8)
            {
                throw Broken($"it has {length} bytes, and a header's length alone takes 8");
            }

            ulong headerLength = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
            if (headerLength > (ulong)Math.Min(LongestHeader, length - 8))
            {
                throw Broken($"its header claims {headerLength} bytes of the file's {length} (at most {LongestHeader} are accepted)");
            }

            _dataStart = 8 + (long)headerLength;
            byte[] header = new byte[headerLength];
            Read(header, 8);
            _dataLength = length - _dataStart;
            ParseHeader(header, _dataLength);
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    /// <summary>The tensors, by name.</summary>
    public IReadOnlyDictionary<string, SafetensorsEntry> Entries => _entries;

    /// <summary>The free text beside the tensors.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _metadata;

    /// <summary>Opens a file and checks its header.</summary>
    /// <exception cref="InvalidDataException">It is not a sound safetensors file: the message says where.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static SafetensorsFile Open(string path) => new(path);

    /// <summary>Reads one tensor.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="target">Where to; as many floats as the tensor has.</param>
    /// <exception cref="InvalidDataException">There is none of that name or length, or it holds a number that is not finite.</exception>
    public void Read(string name, Span<float> target)
    {
        SafetensorsEntry entry = Find(name);
        if (entry.Length != target.Length)
        {
            throw Broken($"tensor {name} has {entry.Length} floats where {target.Length} are needed");
        }

        Read(System.Runtime.InteropServices.MemoryMarshal.AsBytes(target), _dataStart + entry.Offset);
        for (int i = 0; i < target.Length; i++)
        {
            if (!float.IsFinite(target[i]))
            {
                throw Broken($"tensor {name} holds {target[i]} at {i}: weights must be finite numbers");
            }
        }
    }

    /// <summary>Holds the tensors' bytes to the hash that was written with them.</summary>
    /// <exception cref="InvalidDataException">They are others, or no hash was written.</exception>
    public void CheckHash()
    {
        if (!_metadata.TryGetValue(HashKey, out string? written))
        {
            throw Broken($"its metadata does not tell the {HashKey} of its tensors");
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] block = new byte[Math.Min(_dataLength, HashedAtOnce)];
        for (long done = 0; done < _dataLength; done += block.Length)
        {
            Span<byte> part = block.AsSpan(0, (int)Math.Min(block.Length, _dataLength - done));
            Read(part, _dataStart + done);
            hash.AppendData(part);
        }

        if (Convert.ToHexStringLower(hash.GetCurrentHash()) != written)
        {
            throw Broken("its tensors are not those that were written, for their hash is another: it was damaged or changed");
        }
    }

    /// <summary>A tensor of the given name.</summary>
    /// <exception cref="InvalidDataException">There is none.</exception>
    public SafetensorsEntry Find(string name) => _entries.TryGetValue(name, out SafetensorsEntry? entry)
        ? entry
        : throw Broken($"it has no tensor {name}");

    /// <summary>An error about this file.</summary>
    public InvalidDataException Broken(string what) => new($"{_path} is not a usable network: {what}. Choose another file, or write it again with train.");

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private void Read(Span<byte> target, long offset)
    {
        while (target.Length > 0)
        {
            int count = RandomAccess.Read(_file, target, offset);
            if (count == 0)
            {
                throw Broken($"it ends at byte {offset}");
            }

            target = target[count..];
            offset += count;
        }
    }

    private void ParseHeader(byte[] header, long dataLength)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(header);
            foreach (JsonProperty property in document.RootElement.EnumerateObject())
            {
                if (property.Name == "__metadata__")
                {
                    foreach (JsonProperty text in property.Value.EnumerateObject())
                    {
                        _metadata[text.Name] = text.Value.GetString() ?? "";
                    }
                }
                else if (!_entries.TryAdd(property.Name, ParseEntry(property, dataLength)))
                {
                    throw Broken($"tensor {property.Name} stands in its header twice");
                }
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw Broken($"its header is not the JSON of a safetensors file ({exception.Message.TrimEnd('.')})");
        }

        long end = 0;
        foreach (SafetensorsEntry entry in _entries.Values.OrderBy(entry => entry.Offset).ThenBy(entry => entry.Length))
        {
            if (entry.Offset != end)
            {
                throw Broken(entry.Offset < end
                    ? $"tensor {entry.Name} begins at byte {entry.Offset}, within the tensor before it, which ends at {end}"
                    : $"before tensor {entry.Name} stand {entry.Offset - end} bytes that belong to none");
            }

            end = entry.Offset + (entry.Length * sizeof(float));
        }

        if (end != dataLength)
        {
            throw Broken($"behind its tensors stand {dataLength - end} bytes that belong to none");
        }
    }

    private SafetensorsEntry ParseEntry(JsonProperty property, long dataLength)
    {
        JsonElement value = property.Value;
        string? type = value.GetProperty("dtype").GetString();
        if (type != "F32")
        {
            throw Broken($"tensor {property.Name} is of type {type}, and only F32 is read");
        }

        long[] shape = [.. value.GetProperty("shape").EnumerateArray().Select(dimension => dimension.GetInt64())];
        JsonElement offsets = value.GetProperty("data_offsets");
        if (offsets.GetArrayLength() != 2)
        {
            throw Broken($"tensor {property.Name} has {offsets.GetArrayLength()} offsets where a beginning and an end are needed");
        }

        long begin = offsets[0].GetInt64(), end = offsets[1].GetInt64();
        if (shape.Length > MostDimensions || begin < 0 || end < begin || end > dataLength)
        {
            throw Broken($"tensor {property.Name} claims bytes {begin} to {end} of {dataLength}, in {shape.Length} dimensions");
        }

        long length = 1;
        foreach (long dimension in shape)
        {
            if (dimension < 0 || (dimension > 0 && length > dataLength / dimension))
            {
                throw Broken($"tensor {property.Name} claims the shape [{string.Join(", ", shape)}]");
            }

            length *= dimension;
        }

        if (length * sizeof(float) != end - begin)
        {
            throw Broken($"tensor {property.Name} of shape [{string.Join(", ", shape)}] claims {end - begin} bytes");
        }

        return new SafetensorsEntry(property.Name, shape, begin, length);
    }
}
