namespace MusicRnn.Model;

/// <summary>The weights of one network. Immutable once made: any number of predictors on any thread may share it.</summary>
public sealed class Network : IDisposable
{
    /// <summary>Reads a network from a safetensors file.</summary>
    /// <exception cref="InvalidDataException">The file is damaged or not such a network; the message names the file, the tensor and the next move.</exception>
    public static Network Load(string path) => throw new NotImplementedException();

    /// <summary>Makes a network with random weights, as training starts from.</summary>
    public static Network CreateRandom(NetworkShape shape, ulong seed) => throw new NotImplementedException();

    /// <summary>The network's size.</summary>
    public NetworkShape Shape => throw new NotImplementedException();

    /// <summary>SHA-256 of the weights in lower-case hexadecimal: what a take names.</summary>
    public string Hash => throw new NotImplementedException();

    /// <inheritdoc/>
    public void Dispose() => throw new NotImplementedException();
}
