using MusicRnn.Performance;

namespace MusicRnn.Host.Panel;

/// <summary>An event of the improviser, and when it was decided.</summary>
/// <param name="Event">The event.</param>
/// <param name="Emitted">The stamp that it was emitted at.</param>
internal readonly record struct Decision(OutputEvent Event, long Emitted);
