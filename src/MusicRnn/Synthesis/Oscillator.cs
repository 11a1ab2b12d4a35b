using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MusicRnn.Synthesis;

/// <summary>Plays a sample at a pitch: a place in its points that moves by a step a frame, loops, and is read between the points.</summary>
/// <remarks>The place is a fixed-point number, so that it is the same however the frames are asked for.</remarks>
internal unsafe struct Oscillator
{
    private const int FractionBits = 32;
    private const float FractionUnit = 1f / (1L << 24);
    private const double MostStep = 1024; // points a frame: beyond this nothing is heard, and the place could overflow

    private short* _points;
    private float* _finePoints;
    private ulong _place; // 32.32 points
    private ulong _step; // 32.32 points a frame
    private int _first; // the first point that may be read
    private int _start;
    private int _end;
    private int _loopStart;
    private int _loopEnd;
    private bool _loops;
    private bool _hasLooped;
    private int _wait; // frames of silence before the first point

    /// <summary>Whether the sample has come to its end.</summary>
    public bool IsFinished { get; private set; }

    /// <summary>Begins at the sample's start. Places must lie within the memory, start before end; a loop shorter than two points is none.</summary>
    public void Start(SampleMemory memory, int start, int end, int loopStart, int loopEnd, bool loops, int wait)
    {
        _wait = wait;
        _points = memory.Points;
        _finePoints = memory.FinePoints;
        _place = (ulong)start << FractionBits;
        _first = loops ? Math.Min(start, loopStart) : start; // it may begin within its loop
        _start = start;
        _end = end;
        _loopStart = loopStart;
        _loopEnd = loopEnd;
        _loops = loops && loopEnd - loopStart >= 2;
        _hasLooped = false;
        IsFinished = false;
    }

    /// <summary>From here on the sample runs to its end.</summary>
    public void StopLooping() => _loops = false;

    /// <summary>Sets how many points a frame advances.</summary>
    public void SetStep(double points) => _step = Math.Max(1, (ulong)(Math.Min(points, MostStep) * (1L << FractionBits)));

    /// <summary>The index of the point at or before a place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long WholeOf(ulong place) => (long)(place >> FractionBits);

    /// <summary>How far a place lies past that point, 0-1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float FractionOf(ulong place) => (int)((uint)place >> 8) * FractionUnit;

    /// <summary>The same of eight places' lower halves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> FractionOf(Vector256<uint> places) =>
        Vector256.ConvertToSingle((places >> 8).AsInt32()) * FractionUnit;

    /// <summary>Renders the next frames, in units of a 16-bit point; after the sample's end, zeros.</summary>
    public void Render(float* output, int frames, Interpolation interpolation)
    {
        switch (interpolation)
        {
            case Interpolation.Linear:
                Render<LinearKernel>(output, frames);
                break;
            case Interpolation.Cubic:
                Render<CubicKernel>(output, frames);
                break;
            default:
                Render<SincKernel>(output, frames);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Render<TKernel>(float* output, int frames)
        where TKernel : IKernel<TKernel>
    {
        int done = Math.Min(_wait, frames);
        _wait -= done;
        new Span<float>(output, done).Clear();
        while (done < frames)
        {
            long index = WholeOf(_place);
            int limit = _loops ? _loopEnd : _end;
            if (index >= limit)
            {
                if (!_loops)
                {
                    IsFinished = true;
                    new Span<float>(output + done, frames - done).Clear();
                    return;
                }

                ulong length = (ulong)(_loopEnd - _loopStart) << FractionBits;
                _place -= length * (1 + ((_place - ((ulong)_loopEnd << FractionBits)) / length));
                _hasLooped = true;
                continue;
            }

            int low = _hasLooped ? _loopStart : _start;
            long last = limit - 1 - TKernel.After; // the last index whose points all lie before the limit
            if (index < low + TKernel.Before || index > last)
            {
                output[done++] = BetweenEdges<TKernel>(index, FractionOf(_place));
                _place += _step;
                continue;
            }

            ulong room = ((((ulong)last + 1) << FractionBits) - _place - 1) / _step;
            int run = (int)Math.Min((ulong)(frames - done), room + 1);
            _place = _points != null
                ? TKernel.Run(_points, _place, _step, output + done, run)
                : TKernel.Run(_finePoints, _place, _step, output + done, run);
            done += run;
        }
    }

    /// <summary>One frame near the sample's ends or the loop's seam, where neighbours lie elsewhere.</summary>
    private readonly float BetweenEdges<TKernel>(long index, float fraction)
        where TKernel : IKernel<TKernel>
    {
        const int Widest = 3;
        float* points = stackalloc float[(2 * Widest) + 1];
        for (int i = -TKernel.Before; i <= TKernel.After; i++)
        {
            points[Widest + i] = Edged(index + i);
        }

        return TKernel.At(points + Widest, fraction);
    }

    private readonly float Edged(long index)
    {
        if (_loops && index >= _loopEnd)
        {
            index = _loopStart + ((index - _loopEnd) % (_loopEnd - _loopStart));
        }
        else if (_loops && _hasLooped && index < _loopStart)
        {
            index = _loopEnd - 1 - ((_loopStart - 1 - index) % (_loopEnd - _loopStart));
        }

        index = Math.Clamp(index, _first, _end - 1);
        return _points != null ? _points[index] : _finePoints[index];
    }
}
