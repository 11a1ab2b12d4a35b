using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MusicRnn.Synthesis;

/// <summary>
/// Renders the voices into one stereo sum: oscillators one by one, filters and gains eight voices at a time, then chorus, reverb and
/// limiter. A voice's numbers do not depend on which voices share its vector.
/// </summary>
internal sealed unsafe class Mixer
{
    private const int Lanes = 8;
    private const int MostBuses = 4; // left, right, reverb, chorus
    private const int Most = Voice.ControlFrames;
    private const float AgainstDenormals = 1e-12f; // of a 16-bit point: keeps a settled filter's state from decaying into slow numbers

    private readonly Interpolation _interpolation;
    private readonly Chorus? _chorus;
    private readonly Reverb? _reverb;
    private readonly Limiter? _limiter;
    private readonly int _buses; // of those that are heard
    private readonly float* _points; // [Lanes, Most]
    private readonly Vector256<float>* _sums; // [MostBuses, Most] of Lanes
    private readonly float* _sends; // [2, Most]: reverb, chorus

    public Mixer(SynthesizerOptions options)
    {
        _interpolation = options.Interpolation;
        _chorus = options.Chorus > 0 ? new Chorus(options.SampleRate, (float)options.Chorus) : null;
        _reverb = options.Reverb > 0 ? new Reverb(options.SampleRate, (float)options.Reverb) : null;
        _limiter = options.Limiter ? new Limiter(options.SampleRate) : null;
        _buses = _reverb is null && _chorus is null ? 2 : MostBuses;
        _points = (float*)Zeroed(Lanes * Most * sizeof(float));
        _sums = (Vector256<float>*)Zeroed(MostBuses * Most * sizeof(Vector256<float>));
        _sends = (float*)Zeroed(2 * Most * sizeof(float));
    }

    ~Mixer()
    {
        NativeMemory.AlignedFree(_points);
        NativeMemory.AlignedFree(_sums);
        NativeMemory.AlignedFree(_sends);
    }

    /// <summary>Renders up to <see cref="Voice.ControlFrames"/> frames, none of which lies beyond the next control point.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Render(ReadOnlySpan<Voice> voices, float* left, float* right, int frames)
    {
        if (voices.IsEmpty)
        {
            new Span<float>(left, frames).Clear();
            new Span<float>(right, frames).Clear();
            new Span<float>(_sends, 2 * Most).Clear();
        }
        else
        {
            for (int bus = 0; bus < _buses; bus++)
            {
                new Span<Vector256<float>>(_sums + (bus * Most), frames).Clear();
            }

            for (int first = 0; first < voices.Length; first += Lanes)
            {
                RenderLanes(voices.Slice(first, Math.Min(Lanes, voices.Length - first)), frames);
            }

            Add(_sums, left, frames);
            Add(_sums + Most, right, frames);
            for (int bus = 2; bus < _buses; bus++)
            {
                Add(_sums + (bus * Most), _sends + ((bus - 2) * Most), frames);
            }
        }

        _chorus?.Render(_sends + Most, left, right, frames);
        _reverb?.Render(_sends, left, right, frames);
        _limiter?.Render(left, right, frames);
    }

    /// <summary>Adds the eight lanes of each frame. Always in one order, so that a frame's bits do not depend on where in a piece it falls.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add(Vector256<float>* sums, float* output, int frames)
    {
        int i = 0;
        if (Avx.IsSupported)
        {
            for (; i + Lanes <= frames; i += Lanes)
            {
                Add(sums + i).Store(output + i);
            }

            if (i < frames)
            {
                Vector256<float> rest = Add(sums + i); // the frames beyond are no one's: the buffer's length is a multiple of eight
                for (int lane = 0; i < frames; i++, lane++)
                {
                    output[i] = rest[lane];
                }
            }
        }

        for (; i < frames; i++)
        {
            output[i] = Vector256.Sum(sums[i]);
        }
    }

    /// <summary>The sums of eight frames' lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Add(Vector256<float>* eight)
    {
        Vector256<float> first = Avx.HorizontalAdd(Avx.HorizontalAdd(eight[0], eight[1]), Avx.HorizontalAdd(eight[2], eight[3]));
        Vector256<float> second = Avx.HorizontalAdd(Avx.HorizontalAdd(eight[4], eight[5]), Avx.HorizontalAdd(eight[6], eight[7]));
        return Avx.Permute2x128(first, second, 0x20) + Avx.Permute2x128(first, second, 0x31);
    }

    private static void* Zeroed(int bytes)
    {
        void* memory = NativeMemory.AlignedAlloc((nuint)bytes, 64);
        NativeMemory.Clear(memory, (nuint)bytes);
        return memory;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RenderLanes(ReadOnlySpan<Voice> voices, int frames)
    {
        LaneRamps ramps = default;
        for (int lane = 0; lane < voices.Length; lane++)
        {
            Voice voice = voices[lane];
            voice.Oscillator.Render(_points + (lane * Most), frames, _interpolation);
            ramps.Load(lane, voice);
        }

        for (int lane = voices.Length; lane < Lanes; lane++)
        {
            new Span<float>(_points + (lane * Most), frames).Clear();
        }

        (Vector256<float> state1, Vector256<float> state2) = Filter(ramps, frames);
        for (int lane = 0; lane < voices.Length; lane++)
        {
            Voice voice = voices[lane];
            voice.Filter.State1 = state1[lane];
            voice.Filter.State2 = state2[lane];
            voice.Elapsed += frames;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private (Vector256<float> State1, Vector256<float> State2) Filter(in LaneRamps ramps, int frames)
    {
        Vector256<float> two = Vector256.Create(2f);
        Vector256<float> one = Vector256.Create(1f);
        Vector256<float> tiny = Vector256.Create(AgainstDenormals);
        Vector256<float> at = ramps.Elapsed;
        Vector256<float> state1 = ramps.State1;
        Vector256<float> state2 = ramps.State2;
        Vector256<float>* left = _sums;
        Vector256<float>* right = _sums + Most;
        Vector256<float>* reverb = _sums + (2 * Most);
        Vector256<float>* chorus = _sums + (3 * Most);
        bool isWet = _buses > 2;
        Vector256<float>* columns = stackalloc Vector256<float>[Lanes];
        for (int i = 0; i < frames; i++)
        {
            if (i % Lanes == 0)
            {
                Turn(_points + i, columns);
            }

            Vector256<float> a1 = Vector256.FusedMultiplyAdd(at, ramps.A1Step, ramps.A1);
            Vector256<float> a2 = Vector256.FusedMultiplyAdd(at, ramps.A2Step, ramps.A2);
            Vector256<float> a3 = Vector256.FusedMultiplyAdd(at, ramps.A3Step, ramps.A3);
            Vector256<float> v3 = columns[i % Lanes] - state2;
            Vector256<float> v1 = Vector256.FusedMultiplyAdd(a2, v3, a1 * state1);
            Vector256<float> v2 = Vector256.FusedMultiplyAdd(a3, v3, Vector256.FusedMultiplyAdd(a2, state1, state2));
            state1 = Vector256.FusedMultiplyAdd(two, v1, tiny - state1); // not into the sound: where that stands still but not at zero, it would be lost
            state2 = Vector256.FusedMultiplyAdd(two, v2, -state2);
            left[i] = Vector256.FusedMultiplyAdd(v2, Vector256.FusedMultiplyAdd(at, ramps.LeftStep, ramps.Left), left[i]);
            right[i] = Vector256.FusedMultiplyAdd(v2, Vector256.FusedMultiplyAdd(at, ramps.RightStep, ramps.Right), right[i]);
            if (isWet)
            {
                reverb[i] = Vector256.FusedMultiplyAdd(v2, Vector256.FusedMultiplyAdd(at, ramps.ReverbStep, ramps.Reverb), reverb[i]);
                chorus[i] = Vector256.FusedMultiplyAdd(v2, Vector256.FusedMultiplyAdd(at, ramps.ChorusStep, ramps.Chorus), chorus[i]);
            }

            at += one;
        }

        return (state1, state2);
    }

    /// <summary>Turns eight rows of points, one a voice, into eight columns, one a frame.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Turn(float* rows, Vector256<float>* columns)
    {
        if (!Avx.IsSupported)
        {
            for (int i = 0; i < Lanes; i++)
            {
                columns[i] = Vector256.Create(
                    rows[i], rows[Most + i], rows[(2 * Most) + i], rows[(3 * Most) + i], rows[(4 * Most) + i], rows[(5 * Most) + i], rows[(6 * Most) + i], rows[(7 * Most) + i]);
            }

            return;
        }

        for (int half = 0; half < 2; half++) // four frames of all eight voices at a time
        {
            float* row = rows + (4 * half);
            Vector256<float> r04 = Vector256.Create(Vector128.Load(row), Vector128.Load(row + (4 * Most)));
            Vector256<float> r15 = Vector256.Create(Vector128.Load(row + Most), Vector128.Load(row + (5 * Most)));
            Vector256<float> r26 = Vector256.Create(Vector128.Load(row + (2 * Most)), Vector128.Load(row + (6 * Most)));
            Vector256<float> r37 = Vector256.Create(Vector128.Load(row + (3 * Most)), Vector128.Load(row + (7 * Most)));
            Vector256<double> low01 = Avx.UnpackLow(r04, r15).AsDouble();
            Vector256<double> high01 = Avx.UnpackHigh(r04, r15).AsDouble();
            Vector256<double> low23 = Avx.UnpackLow(r26, r37).AsDouble();
            Vector256<double> high23 = Avx.UnpackHigh(r26, r37).AsDouble();
            columns[4 * half] = Avx.UnpackLow(low01, low23).AsSingle();
            columns[(4 * half) + 1] = Avx.UnpackHigh(low01, low23).AsSingle();
            columns[(4 * half) + 2] = Avx.UnpackLow(high01, high23).AsSingle();
            columns[(4 * half) + 3] = Avx.UnpackHigh(high01, high23).AsSingle();
        }
    }
}
