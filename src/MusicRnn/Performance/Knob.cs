namespace MusicRnn.Performance;

/// <summary>A controller that turns a parameter.</summary>
/// <param name="Controller">The controller's number, 0-127.</param>
/// <param name="Channel">The channel it is read on, 0-15; null for every channel.</param>
/// <param name="Parameter">The parameter's index in the <see cref="ParameterTable"/>.</param>
public readonly record struct Knob(int Controller, int? Channel, int Parameter);
