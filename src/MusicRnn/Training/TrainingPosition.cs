namespace MusicRnn.Training;

/// <summary>Where a training run stands.</summary>
/// <param name="Notes">Notes learned from.</param>
/// <param name="Streams">Where each stream stands, as <see cref="WindowFeeder.Position"/>.</param>
/// <param name="Best">The lowest validation loss so far, nats a note.</param>
/// <param name="BestNotes">The notes learned from when it was measured.</param>
public sealed record TrainingPosition(long Notes, long[] Streams, double Best, long BestNotes);
