using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MusicRnn.Model;

/// <summary>
/// What each row of the input's tables adds to the gates of the first layer: its product with the layer's input weights, made once for all. A note
/// is a few dozen rows, so that it reads a tenth of what the weights themselves take. Sixteen bits, a scale to each row.
/// </summary>
internal sealed unsafe class InputGates : IDisposable
{
    private const int RowsAtOnce = 32; // of the tables: they fit the second-level cache beside their products
    private const int GatesAtOnce = 4;

    private short* _products; // [rows, gates]
    private readonly NativeFloats _scales; // [rows]
    private readonly int _gates;

    /// <summary>Multiplies and quantises.</summary>
    /// <param name="tables">[rows, width].</param>
    /// <param name="rows">Rows of all tables.</param>
    /// <param name="width">Their width, a multiple of 16.</param>
    /// <param name="weights">[gates, width].</param>
    /// <param name="gates">The number of gates, a multiple of 32.</param>
    public InputGates(float* tables, int rows, int width, float* weights, int gates)
    {
        _gates = gates;
        _scales = new NativeFloats(rows);
        _products = (short*)PageMemory.Allocate((nuint)rows * (nuint)gates * sizeof(short));
        using NativeFloats products = new((long)RowsAtOnce * gates);
        for (int first = 0; first < rows; first += RowsAtOnce)
        {
            int count = Math.Min(RowsAtOnce, rows - first);
            for (int gate = 0; gate < gates; gate += GatesAtOnce)
            {
                Multiply(tables + ((long)first * width), count, weights + ((long)gate * width), width, products.Pointer + gate, gates);
            }

            for (int row = 0; row < count; row++)
            {
                _scales.Pointer[first + row] = Rows.Quantize(products.Pointer + ((long)row * gates), _products + ((long)(first + row) * gates), gates, short.MaxValue);
            }
        }
    }

    ~InputGates() => PageMemory.Free(_products);

    /// <summary>gates += what some rows add. [improviser-thread] allocates nothing.</summary>
    /// <param name="rows">The rows' numbers.</param>
    /// <param name="gates">[gates].</param>
    public void Add(ReadOnlySpan<ushort> rows, float* gates)
    {
        for (int i = 0; i < rows.Length; i++)
        {
            int next = rows[Math.Min(i + 1, rows.Length - 1)];
            Add(_products + ((long)rows[i] * _gates), _scales.Pointer[rows[i]], _products + ((long)next * _gates), gates, _gates);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _scales.Dispose();
        PageMemory.Free(_products);
        _products = null;
        GC.SuppressFinalize(this);
    }

    /// <summary>Adds one row while the next is fetched.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add(short* row, float unit, short* next, float* gates, int count)
    {
        Vector512<float> scale = Vector512.Create(unit);
        for (int i = 0; i < count; i += 32)
        {
            if (Sse.IsSupported)
            {
                Sse.Prefetch1(next + i);
            }

            (Vector512<int> low, Vector512<int> high) = Vector512.Widen(Vector512.Load(row + i));
            (Vector512.Load(gates + i) + (Vector512.ConvertToSingle(low) * scale)).Store(gates + i);
            (Vector512.Load(gates + i + 16) + (Vector512.ConvertToSingle(high) * scale)).Store(gates + i + 16);
        }
    }

    /// <summary>products[rows, 4] = tables[rows, width] times weights[4, width] transposed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply(float* tables, int rows, float* weights, int width, float* products, int stride)
    {
        for (int row = 0; row < rows; row++, tables += width, products += stride)
        {
            Vector512<float> s0 = default, s1 = default, s2 = default, s3 = default;
            for (int i = 0; i < width; i += 16)
            {
                Vector512<float> value = Vector512.Load(tables + i);
                s0 = Vector512.MultiplyAddEstimate(value, Vector512.Load(weights + i), s0);
                s1 = Vector512.MultiplyAddEstimate(value, Vector512.Load(weights + width + i), s1);
                s2 = Vector512.MultiplyAddEstimate(value, Vector512.Load(weights + (2 * width) + i), s2);
                s3 = Vector512.MultiplyAddEstimate(value, Vector512.Load(weights + (3 * width) + i), s3);
            }

            products[0] = Vector512.Sum(s0);
            products[1] = Vector512.Sum(s1);
            products[2] = Vector512.Sum(s2);
            products[3] = Vector512.Sum(s3);
        }
    }
}
