namespace MusicRnn.Performance;

/// <summary>Where a device stands.</summary>
public enum DeviceState : byte
{
    /// <summary>It is not there yet, and is looked for: no server runs, nothing is plugged in.</summary>
    Waiting,

    /// <summary>It is open and works.</summary>
    Running,

    /// <summary>It was open and went away; it is looked for again.</summary>
    Lost,

    /// <summary>It has come to its end and will not work again: a file is read, a device is closed.</summary>
    Finished,

    /// <summary>It will not work again, and not all of its work is done: the disk is full.</summary>
    Failed,
}
