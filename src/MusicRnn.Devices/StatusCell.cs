using MusicRnn.Performance;

namespace MusicRnn.Devices;

/// <summary>A device's status: set by its supervising thread, read by any.</summary>
internal sealed class StatusCell
{
    private DeviceStatus _value = new(DeviceState.Waiting, "");

    /// <summary>The status now.</summary>
    public DeviceStatus Value => Volatile.Read(ref _value);

    /// <summary>Replaces the status, where it says something else.</summary>
    public void Set(DeviceState state, string text)
    {
        DeviceStatus value = new(state, text);
        if (value != _value)
        {
            Volatile.Write(ref _value, value);
        }
    }
}
