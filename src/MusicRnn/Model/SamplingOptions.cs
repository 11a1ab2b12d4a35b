namespace MusicRnn.Model;

/// <summary>How a note is drawn.</summary>
/// <param name="Temperature">Divides the logits of pitch and pedal, 0.1-2, and its square root those of step, velocity and duration; 1 is the network as it learned.</param>
/// <param name="TopP">The share of pitches and pedal moves that may be drawn from, the likeliest first, 0.5-1; 1 allows everything (Holtzman et al. 2020).</param>
/// <param name="MinimumStep">The step, in nanoseconds, that the drawn one must exceed or equal: the step distribution is truncated to what lies after it.</param>
/// <param name="MaximumStep">The longest step, in nanoseconds.</param>
public readonly record struct SamplingOptions(double Temperature, double TopP, long MinimumStep, long MaximumStep);
