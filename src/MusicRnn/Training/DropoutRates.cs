namespace MusicRnn.Training;

/// <summary>What dropout takes away in training.</summary>
/// <param name="Outputs">The share of each layer's outputs, anew for every note; 0-0.9.</param>
/// <param name="Recurrent">The share of each layer's recurrent weights, anew for every window (DropConnect; Merity, Keskar and Socher 2018); 0-0.9.</param>
public readonly record struct DropoutRates(float Outputs, float Recurrent);
