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
    private const double Wander = 0.00018; // seconds each way
    private const float Level = 0.42f;
    private const float AgainstDenormals = 1e-18f;
    private const float Silent = 1e-7f;

    private static readonly double[] LineTimes = [0.0297, 0.0343, 0.0391, 0.0437, 0.0479, 0.0531, 0.0587, 0.0643]; // seconds
    private static readonly double[] DiffuserTimes = [0.0048, 0.0036, 0.0127, 0.0093];
    private static readonly float[] DiffuserGains = [0.72f, 0.72f, 0.6f, 0.6f];

    private readonly Vector256<float>* _lines; // [_mask + 1] of Lines
    private readonly float* _input; // [_mask + 1], before the pre-delay
    private readonly float*[] _diffusers; // each [_mask + 1]
    private readonly int[] _diffuserDelays = new int[4];
    private readonly double[] _delays = new double[Lines];
    private readonly double[] _phases = new double[Lines];
    private readonly double[] _phaseSteps = new double[Lines];
    private readonly int _mask;
    private readonly int _preDelay;
    private readonly double _wander;
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
        _wander = Wander * sampleRate;
        int length = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)((LineTimes[^1] + Wander) * sampleRate) + 8);
        _mask = length - 1;
        _lines = (Vector256<float>*)NativeMemory.AlignedAlloc((nuint)length * (nuint)sizeof(Vector256<float>), 64);
        _input = (float*)NativeMemory.Alloc((nuint)length, sizeof(float));
        _diffusers = new float*[4];
        for (int i = 0; i < 4; i++)
        {
            _diffusers[i] = (float*)NativeMemory.Alloc((nuint)length, sizeof(float));
            _diffuserDelays[i] = (int)(DiffuserTimes[i] * sampleRate);
        }

        Span<float> gains = stackalloc float[Lines];
        for (int i = 0; i < Lines; i++)
        {
            _delays[i] = LineTimes[i] * sampleRate;
            _phases[i] = i / (double)Lines;
            _phaseSteps[i] = (0.31 + (0.07 * i)) / sampleRate;
            gains[i] = (float)(Math.Pow(10, -3 * LineTimes[i] / Decay) / Math.Sqrt(Lines));
        }

        _gains = Vector256.Create<float>(gains);
        _damping = Vector256.Create((float)(1 - Math.Exp(-2 * Math.PI * Damping / sampleRate)));
        Clear();
    }

    ~Reverb()
    {
        NativeMemory.AlignedFree(_lines);
        NativeMemory.Free(_input);
        foreach (float* diffuser in _diffusers)
        {
            NativeMemory.Free(diffuser);
        }
    }

    /// <summary>Adds the reverberation of the send to both sides.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Render(float* send, float* left, float* right, int frames)
    {
        Vector256<float> toLeft = Vector256.Create(1f, -1, 1, -1, 1, -1, 1, -1) * _level;
        Vector256<float> toRight = Vector256.Create(1f, 1, -1, -1, 1, 1, -1, -1) * _level;
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

            _input[_at] = send[i];
            float diffused = _input[(_at - _preDelay) & _mask] + AgainstDenormals;
            for (int d = 0; d < 4; d++)
            {
                float* line = _diffusers[d];
                float late = line[(_at - _diffuserDelays[d]) & _mask];
                float fed = diffused - (DiffuserGains[d] * late);
                line[_at] = fed;
                diffused = late + (DiffuserGains[d] * fed);
            }

            Vector256<float> heard = ReadLines();
            left[i] += Vector256.Sum(heard * toLeft);
            right[i] += Vector256.Sum(heard * toRight);
            _damped += _damping * (heard - _damped);
            _lines[_at] = Hadamard(_damped * _gains) + (into * diffused);
            float loudness = Math.Max(Math.Abs(send[i]), Vector256.Sum(Vector256.Abs(heard)));
            _loudest = Math.Max(loudness, _loudest * 0.9999f);
            _at = (_at + 1) & _mask;
        }
    }

    private static Vector256<float> Hadamard(Vector256<float> x)
    {
        x = Vector256.Shuffle(x, Vector256.Create(4, 5, 6, 7, 0, 1, 2, 3)) + (x * Vector256.Create(1f, 1, 1, 1, -1, -1, -1, -1));
        x = Vector256.Shuffle(x, Vector256.Create(2, 3, 0, 1, 6, 7, 4, 5)) + (x * Vector256.Create(1f, 1, -1, -1, 1, 1, -1, -1));
        return Vector256.Shuffle(x, Vector256.Create(1, 0, 3, 2, 5, 4, 7, 6)) + (x * Vector256.Create(1f, -1, 1, -1, 1, -1, 1, -1));
    }

    private Vector256<float> ReadLines()
    {
        float* values = stackalloc float[Lines];
        float* lines = (float*)_lines;
        for (int i = 0; i < Lines; i++)
        {
            double x = (2 * _phases[i]) - 1;
            double late = _delays[i] + (_wander * 4 * x * (1 - Math.Abs(x)));
            int whole = (int)late;
            float part = (float)(late - whole);
            float near = lines[(((_at - whole) & _mask) * Lines) + i];
            values[i] = near + (part * (lines[(((_at - whole - 1) & _mask) * Lines) + i] - near));
            _phases[i] += _phaseSteps[i];
            _phases[i] -= _phases[i] >= 1 ? 1 : 0;
        }

        return Vector256.Load(values);
    }

    private void Clear()
    {
        new Span<Vector256<float>>(_lines, _mask + 1).Clear();
        new Span<float>(_input, _mask + 1).Clear();
        foreach (float* diffuser in _diffusers)
        {
            new Span<float>(diffuser, _mask + 1).Clear();
        }

        _damped = default;
        _loudest = 0;
    }
}
