using System.Numerics;
using System.Runtime.Intrinsics;

namespace MusicRnn.Model;

/// <summary>
/// Finds the place in a sequence of symbols after which most agrees with its end. For each lag it keeps how well the
/// sequence agrees with itself so many symbols earlier: one more for each symbol that agrees, half for one that does not.
/// </summary>
internal sealed class RepeatFinder
{
    /// <summary>How far back is looked: a multiple of 64.</summary>
    public const int Lags = 2048;

    /// <summary>Agreement is counted up to this.</summary>
    public const int Longest = 15;

    private readonly byte[] _symbols = new byte[2 * Lags]; // newest first, from _newest on
    private readonly byte[] _agreement = new byte[Lags]; // by lag
    private int _newest;

    /// <summary>Makes an empty sequence.</summary>
    public RepeatFinder() => Clear();

    /// <summary>After <see cref="Vote"/>: the lag that agrees best, the shortest of equal ones; 0 if none does.</summary>
    public int Lag { get; private set; }

    /// <summary>How well it agrees, 0-15.</summary>
    public int Agreement { get; private set; }

    /// <summary>A symbol, so many back; 255 where there is none.</summary>
    public byte this[int back] => _symbols[_newest + back];

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        _symbols.AsSpan().Fill(byte.MaxValue);
        _agreement.AsSpan().Clear();
        _newest = Lags;
        Lag = Agreement = 0;
    }

    /// <summary>Becomes a copy. [improviser-thread] allocates nothing, locks nothing.</summary>
    public void CopyFrom(RepeatFinder other)
    {
        other._symbols.CopyTo(_symbols, 0);
        other._agreement.CopyTo(_agreement, 0);
        _newest = other._newest;
        Lag = other.Lag;
        Agreement = other.Agreement;
    }

    /// <summary>Adds a symbol, 0-254. [improviser-thread] allocates nothing, locks nothing.</summary>
    public void Add(byte symbol)
    {
        if (_newest == 0)
        {
            _symbols.AsSpan(0, Lags).CopyTo(_symbols.AsSpan(Lags));
            _newest = Lags;
        }

        _symbols[--_newest] = symbol;
        Compare(symbol);
    }

    /// <summary>Asks every lag which symbol it expects next, and finds the lag that agrees best. [improviser-thread] allocates nothing, locks nothing.</summary>
    /// <param name="offset">Added to the symbols.</param>
    /// <param name="votes">For each symbol how well the best lag agrees that expects it, 0-15.</param>
    /// <param name="lags">That lag, the shortest of equal ones, where there is a vote.</param>
    public void Vote(int offset, Span<byte> votes, Span<ushort> lags)
    {
        votes.Clear();
        Lag = Agreement = 0;
        ref byte agreement = ref _agreement[0];
        ReadOnlySpan<byte> expected = _symbols.AsSpan(_newest);
        for (int block = 0; block < Lags; block += 64)
        {
            ulong agreeing = Vector512.GreaterThan(Vector512.LoadUnsafe(ref agreement, (nuint)block), Vector512<byte>.Zero).ExtractMostSignificantBits();
            for (; agreeing != 0; agreeing &= agreeing - 1)
            {
                int lag = block + BitOperations.TrailingZeroCount(agreeing);
                byte agrees = _agreement[lag];
                int symbol = expected[lag - 1] + offset;
                if ((uint)symbol >= (uint)votes.Length)
                {
                    continue;
                }

                if (agrees > votes[symbol])
                {
                    votes[symbol] = agrees;
                    lags[symbol] = (ushort)lag;
                }

                if (agrees > Agreement)
                {
                    Agreement = agrees;
                    Lag = lag;
                }
            }
        }
    }

    private void Compare(byte symbol)
    {
        ref byte symbols = ref _symbols[_newest];
        ref byte agreement = ref _agreement[0];
        Vector512<byte> wanted = Vector512.Create(symbol);
        for (nuint lag = 0; lag < Lags; lag += 64)
        {
            Vector512<byte> before = Vector512.LoadUnsafe(ref agreement, lag);
            Vector512.ConditionalSelect(
                Vector512.Equals(Vector512.LoadUnsafe(ref symbols, lag), wanted),
                Vector512.Min(before + Vector512<byte>.One, Vector512.Create((byte)Longest)),
                before >>> 1).StoreUnsafe(ref agreement, lag);
        }

        agreement = 0; // a sequence always agrees with itself
    }
}
