namespace MusicRnn.Training;

/// <summary>What a network lost over some notes: sums, in nats over 10 ms frames, by head.</summary>
public sealed class Losses
{
    /// <summary>Notes that were predicted.</summary>
    public long Notes { get; set; }

    /// <summary>Nats of the step.</summary>
    public double Step { get; set; }

    /// <summary>Nats of the pitch, given the step.</summary>
    public double Pitch { get; set; }

    /// <summary>Nats of the velocity level, given step and pitch.</summary>
    public double Velocity { get; set; }

    /// <summary>Nats of the duration, given step, pitch and velocity.</summary>
    public double Duration { get; set; }

    /// <summary>Nats of the pedal, given step and pitch. Not part of <see cref="Total"/>.</summary>
    public double Pedal { get; set; }

    /// <summary>Notes whose pitch was the likeliest.</summary>
    public long PitchTop1 { get; set; }

    /// <summary>Notes whose pitch was among the five likeliest.</summary>
    public long PitchTop5 { get; set; }

    /// <summary>Nats of pitch marginalised over the step, over <see cref="MarginalNotes"/>.</summary>
    public double MarginalPitch { get; set; }

    /// <summary>Notes whose marginalised pitch was the likeliest.</summary>
    public long MarginalTop1 { get; set; }

    /// <summary>Notes whose marginalised pitch was among the five likeliest.</summary>
    public long MarginalTop5 { get; set; }

    /// <summary>Notes over which the pitch was marginalised.</summary>
    public long MarginalNotes { get; set; }

    /// <summary>Nats of step, pitch, velocity and duration together.</summary>
    public double Total => Step + Pitch + Velocity + Duration;

    /// <summary>Adds other notes to these.</summary>
    public void Add(Losses other)
    {
        Notes += other.Notes;
        Step += other.Step;
        Pitch += other.Pitch;
        Velocity += other.Velocity;
        Duration += other.Duration;
        Pedal += other.Pedal;
        PitchTop1 += other.PitchTop1;
        PitchTop5 += other.PitchTop5;
        MarginalPitch += other.MarginalPitch;
        MarginalTop1 += other.MarginalTop1;
        MarginalTop5 += other.MarginalTop5;
        MarginalNotes += other.MarginalNotes;
    }

    /// <summary>A line of figures, in nats a note.</summary>
    public override string ToString()
    {
        double notes = Math.Max(1, Notes), marginal = Math.Max(1, MarginalNotes);
        string line = FormattableString.Invariant(
            $"total {Total / notes:F4} step {Step / notes:F4} pitch {Pitch / notes:F4} velocity {Velocity / notes:F4} duration {Duration / notes:F4} pedal {Pedal / notes:F4} top1 {100 * PitchTop1 / notes:F2}% top5 {100 * PitchTop5 / notes:F2}%");
        return MarginalNotes == 0 ? line : line + FormattableString.Invariant(
            $" marginal pitch {MarginalPitch / marginal:F4} top1 {100 * MarginalTop1 / marginal:F2}% top5 {100 * MarginalTop5 / marginal:F2}%");
    }
}
