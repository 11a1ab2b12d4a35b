namespace MusicRnn.Training;

/// <summary>How far a training run is.</summary>
/// <param name="Notes">Notes learned from.</param>
/// <param name="Updates">Updates made.</param>
/// <param name="Epoch">How often the training pieces were gone through.</param>
/// <param name="Rate">The learning rate.</param>
/// <param name="GradientNorm">The mean norm of the gradient since the last report.</param>
/// <param name="NotesPerSecond">Notes a second since the last report.</param>
/// <param name="Training">Losses since the last report.</param>
/// <param name="Validation">Losses of the averaged weights on validation pieces, where they were just measured.</param>
public sealed record TrainingProgress(
    long Notes, int Updates, double Epoch, double Rate, double GradientNorm, double NotesPerSecond, Losses Training, Losses? Validation);
