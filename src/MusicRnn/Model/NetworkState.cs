namespace MusicRnn.Model;

/// <summary>What an LSTM remembers: hidden and cell vectors of every layer, in native memory. Copying it forks the music.</summary>
public sealed class NetworkState : IDisposable
{
    /// <summary>Makes an empty memory for a network.</summary>
    public NetworkState(NetworkShape shape) => throw new NotImplementedException();

    /// <summary>Forgets everything.</summary>
    public void Reset() => throw new NotImplementedException();

    /// <summary>Takes over the memory of another state of the same shape. Allocates nothing.</summary>
    public void CopyFrom(NetworkState other) => throw new NotImplementedException();

    /// <inheritdoc/>
    public void Dispose() => throw new NotImplementedException();
}
