using MusicRnn.Model;
using MusicRnn.Training;

namespace MusicRnn.Tests.Training;

public sealed unsafe class AdamTests
{
    [Theory]
    [InlineData(1e9f)] // never clipped
    [InlineData(0.5f)]
    public void UpdatesAreThoseOfThePaper(float clip)
    {
        const int Length = 40_000; // more than one piece of work
        const double Rate = 0.01, Kept = 0.6;
        using var team = new ThreadTeam(2);
        using var adam = new Adam(Length, team);
        using NativeFloats weights = new(Length), gradients = new(Length);
        double[] expected = new double[Length], first = new double[Length], second = new double[Length], average = new double[Length];
        var random = new NoteRandom(1, 1);
        for (int i = 0; i < Length; i++)
        {
            expected[i] = weights.Span[i] = (float)random.Uniform(i) - 0.5f;
        }

        for (int update = 1; update <= 30; update++)
        {
            double squares = 0;
            var slopes = new NoteRandom(2, (ulong)update);
            for (int i = 0; i < Length; i++)
            {
                gradients.Span[i] = (float)((slopes.Uniform(i) - 0.4) * (i % 7));
                squares += (double)gradients.Span[i] * gradients.Span[i];
            }

            double norm = Math.Sqrt(squares), kept = Math.Min(Kept, update / (update + 10.0));
            Assert.Equal(norm, adam.Update(weights.Pointer, gradients.Pointer, (float)Rate, clip, (float)Kept), norm * 1e-5);
            for (int i = 0; i < Length; i++)
            {
                double gradient = gradients.Span[i] * Math.Min(1, clip / norm);
                first[i] = (0.9 * first[i]) + (0.1 * gradient);
                second[i] = (0.999 * second[i]) + (0.001 * gradient * gradient);
                double mean = first[i] / (1 - Math.Pow(0.9, update)), square = second[i] / (1 - Math.Pow(0.999, update));
                expected[i] -= Rate * mean / (Math.Sqrt(square) + 1e-8);
                average[i] = (kept * average[i]) + ((1 - kept) * expected[i]);
            }
        }

        Assert.Equal(30, adam.Updates);
        for (int i = 0; i < Length; i++)
        {
            Assert.Equal(expected[i], weights.Span[i], 2e-4);
            Assert.Equal(average[i], adam.Average.Span[i], 2e-4);
        }
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void AGradientThatIsNoNumberMovesNothing(float gradient)
    {
        using var team = new ThreadTeam(1);
        using var adam = new Adam(32, team);
        using NativeFloats weights = new(32), gradients = new(32);
        weights.Span.Fill(1);
        gradients.Span[5] = gradient;
        Assert.Contains("lower the learning rate", Assert.Throws<NotFiniteNumberException>(() => adam.Update(weights.Pointer, gradients.Pointer, 0.1f, 1, 0.5f)).Message, StringComparison.Ordinal);
        Assert.Equal(Enumerable.Repeat(1f, 32), weights.Span.ToArray());
        Assert.Equal(0, adam.Updates);
    }
}
