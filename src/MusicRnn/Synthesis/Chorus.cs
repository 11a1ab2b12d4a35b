using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MusicRnn.Synthesis;

/// <summary>Three voices a side, each late by a slowly wandering time, from a mono send.</summary>
internal sealed unsafe class Chorus
{
    private const int Taps = 3; // a side
    private const double Shortest = 0.008; // seconds
    private const double Depth = 0.0035; // seconds each way
    private const double Speed = 0.45; // Hz of the first tap; the others are a little faster
    private const float Level = 0.6f;

    private readonly float* _line; // [_mask + 1]
    private readonly int _mask;
    private readonly int _quietAfter;
    private readonly float _level;
    private readonly double _shortest;
    private readonly double _depth;
    private readonly double[] _phases = new double[2 * Taps];
    private readonly double[] _steps = new double[2 * Taps]; // cycles a frame
    private int _at;
    private int _quiet;

    public Chorus(int sampleRate, float level)
    {
        _level = level * Level / Taps * MathF.Sqrt(2);
        _shortest = (Shortest + Depth) * sampleRate;
        _depth = Depth * sampleRate;
        int length = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)(_shortest + _depth + 4));
        _mask = length - 1;
        _quietAfter = length;
        _quiet = length;
        _line = (float*)NativeMemory.AllocZeroed((nuint)length, sizeof(float));
        for (int tap = 0; tap < 2 * Taps; tap++)
        {
            _phases[tap] = tap / (double)(2 * Taps);
            _steps[tap] = Speed * (1 + (0.13 * (tap / 2))) / sampleRate;
        }
    }

    ~Chorus() => NativeMemory.Free(_line);

    /// <summary>Adds the chorus of the send to both sides.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Render(float* send, float* left, float* right, int frames)
    {
        for (int i = 0; i < frames; i++)
        {
            _quiet = send[i] == 0 ? Math.Min(_quiet + 1, _quietAfter) : 0;
            _line[_at] = send[i];
            if (_quiet < _quietAfter)
            {
                left[i] += _level * Tap(0);
                right[i] += _level * Tap(1);
            }

            for (int tap = 0; tap < 2 * Taps; tap++)
            {
                _phases[tap] += _steps[tap];
                _phases[tap] -= _phases[tap] >= 1 ? 1 : 0;
            }

            _at = (_at + 1) & _mask;
        }
    }

    private float Tap(int side)
    {
        float sum = 0;
        for (int tap = side; tap < 2 * Taps; tap += 2)
        {
            double x = (2 * _phases[tap]) - 1; // a parabola each way: close to a sine, and without corners
            double swing = 4 * x * (1 - Math.Abs(x));
            double late = _shortest + (_depth * swing);
            int whole = (int)late;
            float part = (float)(late - whole);
            float near = _line[(_at - whole) & _mask];
            sum += near + (part * (_line[(_at - whole - 1) & _mask] - near));
        }

        return sum;
    }
}
