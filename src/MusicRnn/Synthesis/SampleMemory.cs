using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace MusicRnn.Synthesis;

/// <summary>
/// A font's sample points outside the managed heap: 16 bits each, or as floats where the font has 24 bits. Freed when
/// nobody refers to it any more, since a voice may outlive the wish for the font.
/// </summary>
internal sealed unsafe class SampleMemory
{
    private const int Guard = 8; // zero points after the last one: the widest interpolation may look there

    private readonly void* _owned;
    private readonly MemoryMappedFile? _file;
    private readonly MemoryMappedViewAccessor? _view;

    private SampleMemory(short* points, float* finePoints, void* owned)
    {
        Points = points;
        FinePoints = finePoints;
        _owned = owned;
    }

    private SampleMemory(MemoryMappedFile file, MemoryMappedViewAccessor view, long offset)
    {
        _file = file;
        _view = view;
        byte* start = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        Points = (short*)(start + view.PointerOffset + offset);
    }

    ~SampleMemory()
    {
        NativeMemory.Free(_owned);
        if (_view is not null)
        {
            _view.SafeMemoryMappedViewHandle.ReleasePointer();
            _view.Dispose();
            _file!.Dispose();
        }
    }

    /// <summary>The points of a 16-bit font, else null.</summary>
    public short* Points { get; }

    /// <summary>The points of a 24-bit font in units of a 16-bit point, else null.</summary>
    public float* FinePoints { get; }

    /// <summary>Reads 16-bit points, and the low 8 bits of each where the font has them, into native memory.</summary>
    public static SampleMemory Read(SafeFileHandle file, long offset, int length, long lowBytesOffset)
    {
        byte* coarse = (byte*)NativeMemory.AllocZeroed(((nuint)length + Guard) * sizeof(short));
        try
        {
            ReadInto(file, offset, coarse, (long)length * sizeof(short));
            if (lowBytesOffset <= 0)
            {
                SampleMemory memory = new((short*)coarse, null, coarse);
                coarse = null;
                return memory;
            }

            return ReadFine(file, (short*)coarse, length, lowBytesOffset);
        }
        finally
        {
            NativeMemory.Free(coarse);
        }
    }

    /// <summary>Leaves 16-bit points in the file, mapped into memory: they cost nothing until played, and a page fault when first played.</summary>
    public static SampleMemory Map(string path, long offset)
    {
        MemoryMappedFile file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        return new SampleMemory(file, file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read), offset);
    }

    /// <summary>Reads a point of every page of a sample, so that the pages are in memory.</summary>
    public void Touch(in SampleHeader sample)
    {
        const int PointsOfPage = 2048;
        if (_view is not null && sample.IsPlayable)
        {
            for (int i = sample.Start; i < sample.End; i += PointsOfPage)
            {
                Volatile.Read(ref Points[i]);
            }

            Volatile.Read(ref Points[sample.End - 1]); // a page of its own, where the sample does not begin with one
        }
    }

    private static SampleMemory ReadFine(SafeFileHandle file, short* coarse, int length, long lowBytesOffset)
    {
        byte* low = (byte*)NativeMemory.Alloc((nuint)length + Guard);
        float* fine = null;
        try
        {
            ReadInto(file, lowBytesOffset, low, length);
            fine = (float*)NativeMemory.AllocZeroed(((nuint)length + Guard) * sizeof(float));
            for (int i = 0; i < length; i++)
            {
                fine[i] = ((coarse[i] << 8) | low[i]) * (1f / 256); // 24 bits fit a float's mantissa exactly
            }

            return new SampleMemory(null, fine, fine);
        }
        finally
        {
            NativeMemory.Free(low);
        }
    }

    private static void ReadInto(SafeFileHandle file, long offset, byte* destination, long size)
    {
        const int Piece = 1 << 20;
        for (long done = 0; done < size;)
        {
            int read = RandomAccess.Read(file, new Span<byte>(destination + done, (int)Math.Min(Piece, size - done)), offset + done);
            if (read == 0)
            {
                throw new InvalidDataException($"byte {offset + done}: the file ends within its samples.");
            }

            done += read;
        }
    }
}
