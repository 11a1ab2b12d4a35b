using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using MusicRnn.Model;

namespace MusicRnn.Training;

/// <summary>
/// Adam (Kingma and Ba 2015) with the gradient's norm clipped, and a running average of the weights (Polyak and Juditsky
/// 1992), which predicts better than the weights themselves while the learning rate is high.
/// </summary>
public sealed unsafe class Adam : IDisposable
{
    private const int FloatsAtOnce = 1 << 14;

    private readonly ThreadTeam _team;
    private readonly double[] _squares;

    /// <summary>Takes the memory for a number of weights, a multiple of 16.</summary>
    public Adam(long length, ThreadTeam team)
    {
        _team = team;
        FirstMoment = new NativeFloats(length);
        SecondMoment = new NativeFloats(length);
        Average = new NativeFloats(length);
        _squares = new double[(length + FloatsAtOnce - 1) / FloatsAtOnce];
    }

    /// <summary>The running mean of the gradients.</summary>
    public NativeFloats FirstMoment { get; }

    /// <summary>The running mean of their squares.</summary>
    public NativeFloats SecondMoment { get; }

    /// <summary>The running average of the weights.</summary>
    public NativeFloats Average { get; }

    /// <summary>How many updates were made.</summary>
    public int Updates { get; set; }

    /// <summary>Moves the weights against the gradients.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="gradients">Their gradients.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="clip">The largest norm of the whole gradient.</param>
    /// <param name="averaging">How much of the average is kept at each update, 0-1.</param>
    /// <returns>The norm of the gradient before clipping.</returns>
    /// <exception cref="NotFiniteNumberException">The gradient is not finite.</exception>
    public double Update(float* weights, float* gradients, float rate, float clip, float averaging)
    {
        long length = FirstMoment.Length;
        _team.Run(_squares.Length, (piece, _) =>
        {
            long first = (long)piece * FloatsAtOnce;
            _squares[piece] = SumOfSquares(gradients + first, Math.Min(FloatsAtOnce, length - first));
        });
        double norm = Math.Sqrt(_squares.Sum());
        if (!double.IsFinite(norm))
        {
            throw new NotFiniteNumberException("The gradient is not finite: lower the learning rate and go on from the last checkpoint.");
        }

        Updates++;
        float scale = norm > clip ? (float)(clip / norm) : 1f;
        float step = rate / (1 - MathF.Pow(0.9f, Updates));
        float correction = 1 / (1 - MathF.Pow(0.999f, Updates));

        // The average forgets its beginning quickly: it is of no use there.
        float kept = Math.Min(averaging, Updates / (Updates + 10f));
        _team.Run(_squares.Length, (piece, _) =>
        {
            long first = (long)piece * FloatsAtOnce;
            Move(weights + first, gradients + first, FirstMoment.Pointer + first, SecondMoment.Pointer + first, Average.Pointer + first,
                Math.Min(FloatsAtOnce, length - first), step, correction, scale, kept);
        });
        return norm;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        FirstMoment.Dispose();
        SecondMoment.Dispose();
        Average.Dispose();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double SumOfSquares(float* values, long count)
    {
        Vector512<float> sum = default;
        for (long i = 0; i < count; i += 16)
        {
            Vector512<float> value = Vector512.Load(values + i);
            sum += value * value;
        }

        return Vector512.Sum(sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Move(float* weights, float* gradients, float* first, float* second, float* average, long count, float step, float correction, float scale, float kept)
    {
        for (long i = 0; i < count; i += 16)
        {
            Vector512<float> gradient = Vector512.Load(gradients + i) * Vector512.Create(scale);
            Vector512<float> mean = (Vector512.Load(first + i) * Vector512.Create(0.9f)) + (gradient * Vector512.Create(0.1f));
            Vector512<float> square = (Vector512.Load(second + i) * Vector512.Create(0.999f)) + (gradient * gradient * Vector512.Create(0.001f));
            mean.Store(first + i);
            square.Store(second + i);
            Vector512<float> moved = Vector512.Load(weights + i)
                - (Vector512.Create(step) * mean / (Vector512.Sqrt(square * Vector512.Create(correction)) + Vector512.Create(1e-8f)));
            moved.Store(weights + i);
            Vector512<float> old = Vector512.Load(average + i);
            (moved + ((old - moved) * Vector512.Create(kept))).Store(average + i);
        }
    }
}
