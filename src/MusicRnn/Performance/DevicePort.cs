namespace MusicRnn.Performance;

/// <summary>A port that the machine offers.</summary>
/// <param name="Backend">The backend's name.</param>
/// <param name="Name">The port's full name, as settings may name it in part.</param>
/// <param name="Kind">What it carries, and in which direction.</param>
/// <param name="IsPhysical">Whether it is hardware, not another program.</param>
public sealed record DevicePort(string Backend, string Name, DevicePortKind Kind, bool IsPhysical);
