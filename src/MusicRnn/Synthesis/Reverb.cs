using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MusicRnn.Synthesis;

/// <summary>
/// A hall: four diffusers, then eight delay lines that feed each other through a Hadamard matrix, each losing highs sooner than lows
/// and wandering a little in length, so that no note rings.
/// </summary>
internal sealed unsafe class Reverb
{
    private const int Lines = 8;
    private const double Decay = 1.8; // seconds to -60 dB, at low frequencies
    private const double Damping = 5200; // Hz above which it decays sooner
    private const double PreDelay = 0.012; // seconds
    private const double Swing = 0.00018; // seconds each way
    private const int LinesShift = 3; // 2^3 lines
    private const int Diffusers = 4;
    private const float Level = 0.42f;
    private const float AgainstDenormals = 1e-18f;
    private const float Silent = 1e-7f;

    private static readonly double[] LineTimes = [0.0297, 0.0343, 0.0391, 0.0437, 0.0479, 0.0531, 0.0587, 0.0643]; // seconds
    private static readonly double[] DiffuserTimes = [0.0048, 0.0036, 0.0127, 0.0093];
    private static readonly float[] DiffuserGains = [0.72f, 0.72f, 0.6f, 0.6f];

    private readonly Vector256<float>* _lines; // [_mask + 1] of Lines
    private readonly float* _input; // [_mask + 1], before the pre-delay
    private readonly float* _diffusers; // [Diffusers, _mask + 1]
    private readonly int[] _diffuserDelays = new int[Diffusers]; // frames
    private readonly Wander _wander;
    private readonly int _mask;
    private readonly int _preDelay;
    private readonly float _level;
    private readonly Vector256<float> _gains;
    private readonly Vector256<float> _damping;
    private Vector256<float> _damped;
    private float _loudest; // of the send and the lines, falling slowly: below Silent the hall is still
    private int _at;

    public Reverb(int sampleRate, float level)
    {
        _level = level * Level;
        _preDelay = (int)(PreDelay * sampleRate);
        int length = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)((LineTimes[^1] + Swing) * sampleRate) + 8);
        _mask = length - 1;
        _lines = (Vector256<float>*)NativeMemory.AlignedAlloc((nuint)length * (nuint)sizeof(Vector256<float>), 64);
        _input = (float*)NativeMemory.Alloc((nuint)length, sizeof(float));
        _diffusers = (float*)NativeMemory.Alloc((nuint)length * Diffusers, sizeof(float));
        for (int i = 0; i < Diffusers; i++)
        {
            _diffuserDelays[i] = (int)(DiffuserTimes[i] * sampleRate);
        }

        Span<float> gains = stackalloc float[Lines];
        Span<double> delays = stackalloc double[Lines];
        Span<double> phases = stackalloc double[Lines];
        Span<double> speeds = stackalloc double[Lines];
        for (int i = 0; i < Lines; i++)
        {
            delays[i] = LineTimes[i] * sampleRate;
            phases[i] = i / (double)Lines;
            speeds[i] = (0.31 + (0.07 * i)) / sampleRate;
            gains[i] = (float)(Math.Pow(10, -3 * LineTimes[i] / Decay) / Math.Sqrt(Lines));
        }

        _wander = new Wander(delays, Swing * sampleRate, phases, speeds);
        _gains = Vector256.Create<float>(gains);
        _damping = Vector256.Create((float)(1 - Math.Exp(-2 * Math.PI * Damping / sampleRate)));
        Clear();
    }

    ~Reverb()
    {
        NativeMemory.AlignedFree(_lines);
        NativeMemory.Free(_input);
        NativeMemory.Free(_diffusers);
    }

    /// <summary>Adds the reverberation of the send to both sides.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Render(float* send, float* left, float* right, int frames)
    {
        if (_loudest == 0 && !new ReadOnlySpan<float>(send, frames).ContainsAnyExcept(0))
        {
            return;
        }

        Vector128<float> toLeft = Vector128.Create(1f, -1, 1, -1) * _level;
        Vector128<float> toRight = Vector128.Create(1f, 1, -1, -1) * _level;
        Vector256<float> into = Vector256.Create(0.35f, 0.35f, -0.35f, -0.35f, -0.35f, 0.35f, 0.35f, -0.35f);
        for (int i = 0; i < frames; i++)
        {
            if (send[i] == 0 && _loudest < Silent)
            {
                if (_loudest > 0)
                {
                    Clear();
                }

                continue;
            }

            float diffused = Diffuse(send[i]);
            Vector256<float> heard = _wander.Read((float*)_lines, _at, _mask, LinesShift, Vector256<int>.Indices);
            Vector128<float> both = heard.GetLower() + heard.GetUpper();
            left[i] += Vector128.Sum(both * toLeft);
            right[i] += Vector128.Sum(both * toRight);
            _damped += _damping * (heard - _damped);
            _lines[_at] = Hadamard(_damped * _gains) + (into * diffused);
            Vector256<float> size = Vector256.Abs(heard);
            _loudest = Math.Max(Math.Max(Math.Abs(send[i]), Vector128.Sum(size.GetLower() + size.GetUpper())), _loudest * 0.9999f);
            _at = (_at + 1) & _mask;
        }
    }

    /// <summary>Blurs the send, a little late: four all-passes one after another (Schroeder 1962).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private float Diffuse(float send)
    {
        _input[_at] = send;
        float diffused = _input[(_at - _preDelay) & _mask] + AgainstDenormals;
        float* line = _diffusers;
        for (int d = 0; d < Diffusers; d++)
        {
            float late = line[(_at - _diffuserDelays[d]) & _mask];
            float fed = diffused - (DiffuserGains[d] * late);
            line[_at] = fed;
            diffused = late + (DiffuserGains[d] * fed);
            line += _mask + 1;
        }

        return diffused;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Hadamard(Vector256<float> x)
    {
        x = Vector256.Shuffle(x, Vector256.Create(4, 5, 6, 7, 0, 1, 2, 3)) + (x * Vector256.Create(1f, 1, 1, 1, -1, -1, -1, -1));
        x = Vector256.Shuffle(x, Vector256.Create(2, 3, 0, 1, 6, 7, 4, 5)) + (x * Vector256.Create(1f, 1, -1, -1, 1, 1, -1, -1));
        return Vector256.Shuffle(x, Vector256.Create(1, 0, 3, 2, 5, 4, 7, 6)) + (x * Vector256.Create(1f, -1, 1, -1, 1, -1, 1, -1));
    }

    private void Clear()
    {
        new Span<Vector256<float>>(_lines, _mask + 1).Clear();
        new Span<float>(_input, _mask + 1).Clear();
        new Span<float>(_diffusers, Diffusers * (_mask + 1)).Clear();

        _damped = default;
        _loudest = 0;
    }
}
