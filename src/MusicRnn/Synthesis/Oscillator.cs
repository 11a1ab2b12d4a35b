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
    private int _start;
    private int _end;
    private int _loopStart;
    private int _loopEnd;
    private bool _loops;
    private bool _hasLooped;

    /// <summary>Whether the sample has come to its end.</summary>
    public bool IsFinished { get; private set; }

    /// <summary>Begins at the sample's start. Places must lie within the memory, start before end; a loop shorter than two points is none.</summary>
    public void Start(SampleMemory memory, int start, int end, int loopStart, int loopEnd, bool loops)
    {
        _points = memory.Points;
        _finePoints = memory.FinePoints;
        _place = (ulong)start << FractionBits;
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

    /// <summary>Renders the next frames, in units of a 16-bit point; after the sample's end, zeros.</summary>
    public void Render(float* output, int frames, Interpolation interpolation)
    {
        (int before, int after) = interpolation switch
        {
            Interpolation.Linear => (0, 1),
            Interpolation.Cubic => (1, 2),
            _ => (3, 3),
        };
        int done = 0;
        while (done < frames)
        {
            long index = (long)(_place >> FractionBits);
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
            long last = limit - 1 - after; // the last index whose points all lie before the limit
            if (index < low + before || index > last)
            {
                output[done++] = BetweenEdges(index, (uint)_place, interpolation);
                _place += _step;
                continue;
            }

            ulong room = ((((ulong)last + 1) << FractionBits) - _place - 1) / _step;
            int run = (int)Math.Min((ulong)(frames - done), room + 1);
            RenderRun(output + done, run, interpolation);
            done += run;
        }
    }

    private void RenderRun(float* output, int frames, Interpolation interpolation)
    {
        ulong place = _place;
        ulong step = _step;
        for (int i = 0; i < frames; i++)
        {
            long index = (long)(place >> FractionBits);
            float x = ((uint)place >> 8) * FractionUnit;
            output[i] = interpolation switch
            {
                Interpolation.Cubic => Kernel.Cubic(Four(index - 1), x),
                Interpolation.Linear => Kernel.Linear(Point(index), Point(index + 1), x),
                _ => Kernel.Sinc(Four(index - 3), Four(index), x),
            };
            place += step;
        }

        _place = place;
    }

    /// <summary>One frame near the sample's ends or the loop's seam, where neighbours lie elsewhere.</summary>
    private readonly float BetweenEdges(long index, uint fraction, Interpolation interpolation)
    {
        float x = (fraction >> 8) * FractionUnit;
        return interpolation switch
        {
            Interpolation.Cubic => Kernel.Cubic(FourEdged(index - 1), x),
            Interpolation.Linear => Kernel.Linear(Edged(index), Edged(index + 1), x),
            _ => Kernel.Sinc(FourEdged(index - 3), FourEdged(index), x),
        };
    }

    private readonly Vector128<float> FourEdged(long index) =>
        Vector128.Create(Edged(index), Edged(index + 1), Edged(index + 2), Edged(index + 3));

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

        return Point(Math.Clamp(index, _start, _end - 1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly float Point(long index) => _points != null ? _points[index] : _finePoints[index];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly Vector128<float> Four(long index) => _points != null
        ? Vector128.ConvertToSingle(Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(long*)(_points + index)).AsInt16()))
        : Vector128.Load(_finePoints + index);
}
