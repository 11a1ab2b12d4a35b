namespace MusicRnn.Performance;

/// <summary>A device of any kind. It never throws because the outside world went away: it says so in its status, and looks for it again.</summary>
public interface IDevice : IDisposable
{
    /// <summary>The name as the user reads it, with its backend: <c>JACK MusicRnn:midi_in</c>.</summary>
    string Name { get; }

    /// <summary>Where it stands now. Any thread may ask; never null.</summary>
    DeviceStatus Status { get; }
}
