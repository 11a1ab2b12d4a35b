using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MusicRnn.Synthesis;

/// <summary>
/// Keeps the sum below full scale. It sees each peak a millisecond before it comes and is down by then, so nothing is clipped;
/// while nothing is too loud it changes no bit, only delays.
/// </summary>
internal sealed class Limiter
{
    private const float Ceiling = 0.977f; // -0.2 dB
    private const double Lookahead = 0.001; // seconds
    private const double Recovery = 0.080; // seconds to come up by 1 - 1/e
    private const int Most = Voice.ControlFrames; // frames at once
    private const long One = 1L << 30; // gain 1: whole numbers, so that the moving sum never drifts

    private readonly int _length;
    private readonly double _recovery;
    private readonly float[] _left; // [_length], the delayed sound
    private readonly float[] _right;
    private readonly long[] _held; // [_length], gains under the moving average
    private readonly float[] _peaks; // [_length + 1], candidates for the window's greatest peak above the ceiling, falling
    private readonly long[] _peakFrames; // when each came
    private int _peakHead;
    private int _peakCount;
    private long _frame;
    private int _at;
    private long _gain = One;
    private long _sum;

    public Limiter(int sampleRate)
    {
        _length = Math.Max(1, (int)(Lookahead * sampleRate));
        _recovery = 1 - Math.Exp(-1 / (Recovery * sampleRate));
        _left = new float[_length];
        _right = new float[_length];
        _held = new long[_length];
        _peaks = new float[_length + 1];
        _peakFrames = new long[_length + 1];
        Array.Fill(_held, One);
        _sum = _length * One;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public unsafe void Render(float* left, float* right, int frames)
    {
        if (_peakCount == 0 && _gain == One && _sum == _length * One && !IsTooLoud(left, frames) && !IsTooLoud(right, frames))
        {
            Delay(left, _left, frames);
            Delay(right, _right, frames);
            _at = (_at + frames) % _length;
            _frame += frames;
            return;
        }

        for (int i = 0; i < frames; i++)
        {
            float peak = WindowPeak(Math.Max(Math.Abs(left[i]), Math.Abs(right[i])));
            long allowed = peak > Ceiling ? (long)(Ceiling / peak * One) : One;
            _gain = allowed < _gain ? allowed : Math.Min(allowed, _gain + 1 + (long)((One - _gain) * _recovery));
            _sum += _gain - _held[_at];
            _held[_at] = _gain;
            (float l, float r) = (_left[_at], _right[_at]);
            (_left[_at], _right[_at]) = (left[i], right[i]);
            float gain = (float)(_sum / (double)(_length * One));
            left[i] = l * gain;
            right[i] = r * gain;
            _at = _at + 1 == _length ? 0 : _at + 1;
        }
    }

    private static unsafe bool IsTooLoud(float* sound, int frames)
    {
        bool tooLoud = false;
        int i = 0;
        for (; i + Vector256<float>.Count <= frames; i += Vector256<float>.Count)
        {
            tooLoud |= Vector256.GreaterThanAny(Vector256.Abs(Vector256.Load(sound + i)), Vector256.Create(Ceiling));
        }

        for (; i < frames; i++)
        {
            tooLoud |= Math.Abs(sound[i]) > Ceiling;
        }

        return tooLoud;
    }

    /// <summary>Swaps the sound with what came a lookahead earlier: all there is to do while nothing is too loud.</summary>
    private unsafe void Delay(float* sound, float[] line, int frames)
    {
        Span<float> between = stackalloc float[Most];
        int at = _at;
        for (int done = 0; done < frames;)
        {
            int count = Math.Min(frames - done, _length - at);
            Span<float> come = new(sound + done, count);
            Span<float> gone = line.AsSpan(at, count);
            come.CopyTo(between);
            gone.CopyTo(come);
            between[..count].CopyTo(gone);
            done += count;
            at = at + count == _length ? 0 : at + count;
        }
    }

    /// <summary>The greatest peak above the ceiling of the last _length + 1 frames, this one included; 0 where there is none.</summary>
    private float WindowPeak(float peak)
    {
        int capacity = _peaks.Length;
        if (_peakCount > 0 && _peakFrames[_peakHead] <= _frame - capacity)
        {
            _peakHead = _peakHead + 1 == capacity ? 0 : _peakHead + 1;
            _peakCount--;
        }

        if (peak <= Ceiling)
        {
            _frame++;
            return _peakCount > 0 ? _peaks[_peakHead] : 0;
        }

        int tail = _peakHead + _peakCount;
        tail = tail >= capacity ? tail - capacity : tail;
        while (_peakCount > 0)
        {
            int last = tail == 0 ? capacity - 1 : tail - 1;
            if (_peaks[last] > peak)
            {
                break;
            }

            tail = last;
            _peakCount--;
        }

        (_peaks[tail], _peakFrames[tail]) = (peak, _frame++);
        _peakCount++;
        return _peaks[_peakHead];
    }
}
