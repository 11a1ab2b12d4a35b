namespace MusicRnn.Performance;

/// <summary>A MIDI port that messages come from.</summary>
public interface IMidiInput : IDevice
{
    /// <summary>
    /// From now on gives every message to the player's input, from one thread of the device, says through
    /// <see cref="PlayerInput.CompleteBefore"/> or <see cref="PlayerInput.CompleteWithin"/> how far it has come, and calls
    /// <see cref="PlayerInput.Lost"/> when the device goes away. Called once.
    /// </summary>
    void Start(PlayerInput player);
}
