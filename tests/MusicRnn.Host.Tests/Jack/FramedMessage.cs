using MusicRnn.Midi;

namespace MusicRnn.Host.Tests.Jack;

/// <summary>A message at a frame of the JACK server's count.</summary>
internal readonly record struct FramedMessage(uint Frame, MidiMessage Message);
