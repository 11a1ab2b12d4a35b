namespace MusicRnn.Performance;

/// <summary>
/// Where a device stands, in words. A device replaces its status by a new object whenever it changes, from a thread that
/// may allocate, so that whoever logs polls it and compares references.
/// </summary>
/// <param name="State">Where it stands.</param>
/// <param name="Text">A sentence for the user: what was opened, or what is missing and the next move.</param>
public sealed record DeviceStatus(DeviceState State, string Text);
