namespace MusicRnn.Devices.Alsa;

/// <summary>A call of libasound failed.</summary>
internal sealed class AlsaException : IOException
{
    /// <summary>Names the call, the device that it was about, and the library's words.</summary>
    public AlsaException(string call, string device, int error)
        : base($"{call}({device}): {LibAsound.Describe(error)}") => Error = error;

    /// <summary>The negative error number.</summary>
    public int Error { get; }

    /// <summary>Gives back the result of a call, or throws if it is an error.</summary>
    public static int Check(int result, string call, string device = "") => result < 0 ? throw new AlsaException(call, device, result) : result;
}
