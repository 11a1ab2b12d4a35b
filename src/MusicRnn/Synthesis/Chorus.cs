using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MusicRnn.Synthesis;

/// <summary>Three voices a side, each late by a slowly wandering time, from a mono send.</summary>
internal sealed unsafe class Chorus
{
    private const int Taps = 3; // a side
    private const int Side = 4; // lanes of a side, of which the last is silent
    private const double Shortest = 0.008; // seconds
    private const double Depth = 0.0035; // seconds each way
    private const double Speed = 0.45; // Hz of the first tap; the others are a little faster
    private const float Level = 0.6f;

    private readonly float* _line; // [_mask + 1]
    private readonly int _mask;
    private readonly Wander _wander;
    private readonly Vector256<float> _levels;
    private int _at;
    private int _quiet; // frames since the send was last heard, up to the line's length

    public Chorus(int sampleRate, float level)
    {
        double depth = Depth * sampleRate;
        double shortest = (Shortest + Depth) * sampleRate;
        int length = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)(shortest + depth + 4));
        _mask = length - 1;
        _quiet = length;
        _line = (float*)NativeMemory.AllocZeroed((nuint)length, sizeof(float));
        Span<double> phases = stackalloc double[2 * Side];
        Span<double> speeds = stackalloc double[2 * Side];
        Span<float> levels = stackalloc float[2 * Side];
        levels.Clear();
        for (int lane = 0; lane < 2 * Side; lane++)
        {
            int tap = Math.Min(lane % Side, Taps - 1);
            phases[lane] = ((2 * tap) + (lane / Side)) / (double)(2 * Taps);
            speeds[lane] = Speed * (1 + (0.13 * tap)) / sampleRate;
            levels[lane] = lane % Side < Taps ? level * Level / Taps * MathF.Sqrt(2) : 0;
        }

        Span<double> times = stackalloc double[2 * Side];
        times.Fill(shortest);
        _wander = new Wander(times, depth, phases, speeds);
        _levels = Vector256.Create<float>(levels);
    }

    ~Chorus() => NativeMemory.Free(_line);

    /// <summary>Adds the chorus of the send to both sides.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Render(float* send, float* left, float* right, int frames)
    {
        if (_quiet > _mask && !new ReadOnlySpan<float>(send, frames).ContainsAnyExcept(0))
        {
            _wander.Skip(frames); // the line is all zeros
            _at = (_at + frames) & _mask;
            return;
        }

        for (int i = 0; i < frames; i++)
        {
            _quiet = send[i] == 0 ? Math.Min(_quiet + 1, _mask + 1) : 0;
            _line[_at] = send[i];
            Vector256<float> heard = _levels * _wander.Read(_line, _at, _mask, 0, Vector256<int>.Zero);
            left[i] += Vector128.Sum(heard.GetLower());
            right[i] += Vector128.Sum(heard.GetUpper());
            _at = (_at + 1) & _mask;
        }
    }
}
