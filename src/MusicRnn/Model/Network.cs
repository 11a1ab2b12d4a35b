using System.Globalization;
using System.Security.Cryptography;

namespace MusicRnn.Model;

/// <summary>The weights of one network. Any number of predictors on any thread may share it, as long as nobody trains it.</summary>
public sealed unsafe class Network : IDisposable
{
    private const string Format = "musicrnn";
    private const string FormatVersion = "4";
    private const float LargestWeight = 1e6f; // trained ones stay below 100; sums of larger ones would overflow

    private readonly Lazy<LiveWeights> _live;
    private string? _hash;
    private bool _disposed;

    /// <summary>Makes a network whose weights are all 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The size is out of range.</exception>
    public Network(NetworkShape shape)
    {
        if (Fault(shape) is { } fault)
        {
            throw new ArgumentOutOfRangeException(nameof(shape), shape, fault);
        }

        Layout = new NetworkLayout(shape);
        Weights = new NativeFloats(Layout.Length);
        _live = new Lazy<LiveWeights>(() => new LiveWeights(this));
    }

    /// <summary>Where each tensor lies.</summary>
    public NetworkLayout Layout { get; }

    /// <summary>All weights.</summary>
    public NativeFloats Weights { get; }

    /// <summary>The network's size.</summary>
    public NetworkShape Shape => Layout.Shape;

    /// <summary>Free text that came with the weights: what they were trained on, and how far.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; private set; } = new Dictionary<string, string>();

    /// <summary>SHA-256 of the weights in lower-case hexadecimal: what a take names.</summary>
    public string Hash => _hash ??= Convert.ToHexStringLower(
        SHA256.HashData(new ReadOnlySpan<byte>(Weights.Pointer, checked((int)(Weights.Length * sizeof(float))))));

    /// <summary>The weights as they play, made from those of now when it is asked for the first time. Any thread may ask.</summary>
    /// <exception cref="ObjectDisposedException">The network was disposed.</exception>
    internal LiveWeights Live
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _live.Value;
        }
    }

    /// <summary>Reads a network from a safetensors file.</summary>
    /// <exception cref="InvalidDataException">The file is damaged or not such a network; the message names the file, the tensor and the next move.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static Network Load(string path)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        NetworkShape shape = ReadShape(file);
        CheckTensors(file, new NetworkLayout(shape)); // before memory is taken for what a header claims
        file.CheckHash();
        var network = new Network(shape) { Metadata = file.Metadata };
        try
        {
            foreach (TensorInfo tensor in network.Layout.Tensors)
            {
                Span<float> target = network.Tensor(tensor);
                if (TorchBias(tensor) is var (input, recurrent))
                {
                    float[] second = new float[target.Length];
                    file.Read(input, target);
                    file.Read(recurrent, second);
                    for (int i = 0; i < second.Length; i++)
                    {
                        target[i] += second[i];
                    }
                }
                else
                {
                    file.Read(tensor.Name, target);
                }

                if (target.ContainsAnyExceptInRange(-LargestWeight, LargestWeight))
                {
                    throw file.Broken(FormattableString.Invariant($"{tensor.Name} has a weight beyond {LargestWeight}, which no training leaves"));
                }
            }
        }
        catch
        {
            network.Dispose();
            throw;
        }

        return network;
    }

    /// <summary>Makes a network with random weights, as training starts from.</summary>
    /// <param name="shape">Its size.</param>
    /// <param name="seed">The same seed gives the same weights.</param>
    public static Network CreateRandom(NetworkShape shape, ulong seed)
    {
        var network = new Network(shape);
        NetworkLayout layout = network.Layout;
        for (int index = 0; index < layout.Tensors.Count; index++)
        {
            TensorInfo tensor = layout.Tensors[index];
            float bound = InitialBound(layout, tensor);
            Span<float> values = network.Tensor(tensor);
            var random = new NoteRandom(seed, (ulong)index);
            for (int i = 0; i < values.Length && bound > 0; i++)
            {
                values[i] = (float)((random.Uniform(i) * 2) - 1) * bound;
            }
        }

        foreach (LayerTensors layer in layout.Layers)
        {
            // An open forget gate lets gradients through from the first (Jozefowicz, Zaremba, Sutskever 2015).
            network.Tensor(layer.Bias).Slice(shape.Hidden, shape.Hidden).Fill(1);
        }

        return network;
    }

    /// <summary>Why there can be no network of a size, in words; null if there can.</summary>
    public static string? Fault(NetworkShape shape) =>
        shape.Layers is < 1 or > 8 ? "A network has 1 to 8 layers."
        : Width(shape.Hidden) ?? Width(shape.Embedding) ?? Width(shape.Head);

    /// <summary>The weights of one tensor.</summary>
    public Span<float> Tensor(TensorInfo tensor) => new(Weights.Pointer + tensor.Offset, checked((int)tensor.Length));

    /// <summary>Writes the network as a safetensors file, which appears whole or not at all.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="metadata">Free text to keep beside the weights.</param>
    public void Save(string path, IReadOnlyDictionary<string, string> metadata)
    {
        var writer = new SafetensorsWriter();
        using var zeros = new NativeFloats(4L * Shape.Hidden);
        foreach ((string key, string value) in metadata)
        {
            writer.AddText(key, value);
        }

        writer.AddText("format", Format);
        writer.AddText("version", FormatVersion);
        writer.AddText("layers", Shape.Layers.ToString(CultureInfo.InvariantCulture));
        writer.AddText("hidden", Shape.Hidden.ToString(CultureInfo.InvariantCulture));
        writer.AddText("embedding", Shape.Embedding.ToString(CultureInfo.InvariantCulture));
        writer.AddText("head", Shape.Head.ToString(CultureInfo.InvariantCulture));
        foreach (TensorInfo tensor in Layout.Tensors)
        {
            if (TorchBias(tensor) is var (input, recurrent))
            {
                writer.Add(input, [tensor.Rows], Weights, tensor.Offset);
                writer.Add(recurrent, [tensor.Rows], zeros);
            }
            else
            {
                writer.Add(tensor.Name, tensor.Columns == 1 ? [tensor.Rows] : [tensor.Rows, tensor.Columns], Weights, tensor.Offset);
            }
        }

        writer.Write(path);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _disposed = true;
        if (_live.IsValueCreated)
        {
            _live.Value.Dispose();
        }

        Weights.Dispose();
    }

    private static string? Width(int width) =>
        width is < 16 or > 4096 || width % 16 != 0 ? "A network's widths are multiples of 16, from 16 to 4096." : null;

    private static NetworkShape ReadShape(SafetensorsFile file)
    {
        string? version = file.Metadata.GetValueOrDefault("version");
        if (!file.Metadata.TryGetValue("format", out string? format) || format != Format || version is null)
        {
            throw file.Broken($"its metadata does not say format {Format}, version {FormatVersion}");
        }

        if (version != FormatVersion)
        {
            throw file.Broken($"it holds a network of version {version}, and this program plays and trains version {FormatVersion}");
        }

        var shape = new NetworkShape(Number("layers"), Number("hidden"), Number("embedding"), Number("head"));
        return Fault(shape) is { } fault ? throw file.Broken($"its metadata gives {shape}: {fault.TrimEnd('.')}") : shape;

        int Number(string key) => int.TryParse(file.Metadata.GetValueOrDefault(key), CultureInfo.InvariantCulture, out int value)
            ? value
            : throw file.Broken($"its metadata does not give {key} as a number");
    }

    /// <summary>Every tensor is there, of the shape that the network's size needs, and no other.</summary>
    private static void CheckTensors(SafetensorsFile file, NetworkLayout layout)
    {
        int needed = 0;
        foreach (TensorInfo tensor in layout.Tensors)
        {
            string[] names = TorchBias(tensor) is var (input, recurrent) ? [input, recurrent] : [tensor.Name];
            foreach (string name in names)
            {
                IReadOnlyList<long> shape = file.Find(name).Shape;
                long[] right = tensor.Columns == 1 ? [tensor.Rows] : [tensor.Rows, tensor.Columns];
                if (!shape.SequenceEqual(right))
                {
                    throw file.Broken($"tensor {name} has the shape [{string.Join(", ", shape)}] where [{string.Join(", ", right)}] is needed");
                }

                needed++;
            }
        }

        if (needed != file.Entries.Count)
        {
            throw file.Broken($"it has {file.Entries.Count} tensors where {needed} are needed");
        }
    }

    /// <summary>The two tensors that torch.nn.LSTM has in place of a layer's bias.</summary>
    private static (string Input, string Recurrent)? TorchBias(TensorInfo tensor) => tensor.Name.StartsWith("lstm.bias_l", StringComparison.Ordinal)
        ? ("lstm.bias_ih_l" + tensor.Name["lstm.bias_l".Length..], "lstm.bias_hh_l" + tensor.Name["lstm.bias_l".Length..])
        : null;

    /// <summary>Weights are drawn from U(-bound, bound).</summary>
    private static float InitialBound(NetworkLayout layout, TensorInfo tensor)
    {
        // Wide embeddings and first-layer weights learned clearly faster than narrow ones in measurements on MAESTRO.
        const float Wide = 1.7f;
        if (IsOf("attention.output") || IsOf("attention.distance") || IsOf("attention.nothing"))
        {
            return 0; // attention begins as nothing, and learns where it helps
        }

        if (IsOf("attention.key_note") || IsOf("attention.value_note") || IsOf("attention.value_duration"))
        {
            return 0.3f;
        }

        if (tensor.Name.EndsWith("bias", StringComparison.Ordinal) || tensor.Name.StartsWith("lstm.bias", StringComparison.Ordinal))
        {
            return 0;
        }

        if (tensor.Name.StartsWith("embedding.", StringComparison.Ordinal))
        {
            // One of each of these, and any number of the others, is summed.
            return tensor.Name == InputTable.Step.Name || tensor.Name == InputTable.Pitch.Name || tensor.Name == InputTable.Velocity.Name ? Wide : 0.5f;
        }

        if (tensor == layout.StepGivenRepeat || tensor == layout.VelocityGivenNeighbour || tensor == layout.DurationGivenNeighbour)
        {
            return 0.05f;
        }

        if (tensor == layout.Layers[0].Input)
        {
            return Wide / MathF.Sqrt(tensor.Columns);
        }

        return tensor.Name.Contains(".given_", StringComparison.Ordinal) ? 0.3f
            : tensor == layout.Relative.Weight || tensor == layout.RepeatedPitch.Weight ? 0.1f / MathF.Sqrt(tensor.Columns)
            : 1 / MathF.Sqrt(tensor.Columns);

        bool IsOf(string name) => tensor.Name.EndsWith(name + ".weight", StringComparison.Ordinal);
    }
}
