using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using MusicRnn.Model;

namespace MusicRnn.Tests.Model;

public sealed class SafetensorsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("musicrnn").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void ANetworkReadBackIsTheOneWritten()
    {
        using Network network = Network.CreateRandom(new NetworkShape(2, 32, 16, 48), 5);
        string path = Path.Combine(_folder, "network.safetensors");
        network.Save(path, new Dictionary<string, string> { ["trained.on"] = "nothing" });
        using Network read = Network.Load(path);
        Assert.Equal(network.Shape, read.Shape);
        Assert.Equal(network.Hash, read.Hash);
        Assert.Equal("nothing", read.Metadata["trained.on"]);
        Assert.Equal(network.Weights.Span.ToArray(), read.Weights.Span.ToArray());
    }

    [Fact]
    public async Task APipeIsNoNetworkAndIsNotWaitedFor()
    {
        string pipe = Path.Combine(_folder, "network.safetensors");
        await NamedPipe.MakeAsync(pipe);
        string link = File.CreateSymbolicLink(Path.Combine(_folder, "link.safetensors"), pipe).FullName;
        foreach (string path in (string[])[pipe, link])
        {
            var loading = Task.Run(() => Network.Load(path), TestContext.Current.CancellationToken);
            InvalidDataException refused = await Assert.ThrowsAsync<InvalidDataException>(() => loading.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
            Assert.Contains($"{path} ", refused.Message, StringComparison.Ordinal);
            Assert.Contains("a pipe or a device", refused.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("{", "JSON")]
    [InlineData("[]", "JSON")]
    [InlineData("{\"a\":5}", "JSON")]
    [InlineData("{\"a\":{\"dtype\":\"F16\",\"shape\":[2],\"data_offsets\":[0,4]}}", "F16")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}", "shape [2]")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[60,68]}}", "60 to 68")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0]}}", "1 offsets")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":5}}", "JSON")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[-8,0]}}", "-8")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,4],\"data_offsets\":[0,16]}}", "shape")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[-1,-4],\"data_offsets\":[0,16]}}", "shape")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}}", "within the tensor before")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,16]}}", "twice")]
    public void AHostileHeaderIsRefusedWithItsFault(string header, string fault)
    {
        string path = Write(header, (ulong)Encoding.UTF8.GetByteCount(header), new byte[64]);
        InvalidDataException exception = Assert.Throws<InvalidDataException>(() => SafetensorsFile.Open(path));
        Assert.Contains(path, exception.Message, StringComparison.Ordinal);
        Assert.Contains(fault, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData(1UL << 40)]
    [InlineData(1000UL)]
    public void AHeaderLongerThanTheFileIsRefused(ulong length)
    {
        string path = Write("{}", length, []);
        Assert.Contains("claims", Assert.Throws<InvalidDataException>(() => SafetensorsFile.Open(path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("velocity.output.weight", float.NaN)]
    [InlineData("attention.value.weight", float.NegativeInfinity)]
    [InlineData("duration.attention.output.weight", 1e38f)]
    [InlineData("lstm.bias_l0", 2e6f)]
    public void WeightsThatNothingCanBeReckonedWithAreRefusedByName(string name, float weight)
    {
        using Network network = Network.CreateRandom(new NetworkShape(1, 16, 16, 16), 5);
        network.Tensor(network.Layout.Tensors.Single(tensor => tensor.Name == name))[3] = weight;
        string path = Path.Combine(_folder, "network.safetensors");
        network.Save(path, new Dictionary<string, string>());
        Assert.Contains(name, Assert.Throws<InvalidDataException>(() => Network.Load(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ANetworkOfAnotherVersionIsNamedAsSuch()
    {
        const string Header = """{"__metadata__":{"format":"musicrnn","version":"3"},"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}""";
        string path = Write(Header, (ulong)Encoding.UTF8.GetByteCount(Header), new byte[4]);
        Assert.Contains("version 3", Assert.Throws<InvalidDataException>(() => Network.Load(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AFileThatIsNoNetworkIsRefused()
    {
        string path = Write("{}", 2, []);
        Assert.Contains("format", Assert.Throws<InvalidDataException>(() => Network.Load(path)).Message, StringComparison.Ordinal);
        File.WriteAllBytes(path, [1, 2, 3]);
        Assert.Contains("3 bytes", Assert.Throws<InvalidDataException>(() => Network.Load(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ASizeThatTheFileDoesNotHoldIsRefusedBeforeMemoryIsTaken()
    {
        const string Header = """{"__metadata__":{"format":"musicrnn","version":"4","layers":"8","hidden":"4096","embedding":"4096","head":"4096"},"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}""";
        string path = Write(Header, (ulong)Encoding.UTF8.GetByteCount(Header), new byte[4]);
        long before = Environment.WorkingSet;
        Assert.Contains("no tensor", Assert.Throws<InvalidDataException>(() => Network.Load(path)).Message, StringComparison.Ordinal);
        Assert.True(Environment.WorkingSet - before < 1L << 30); // the weights would take 4 GB
    }

    [Fact]
    public void ATensorOfNoDimensionIsRefusedByName()
    {
        using Network network = Network.CreateRandom(new NetworkShape(1, 16, 16, 16), 5);
        string path = Path.Combine(_folder, "network.safetensors");
        network.Save(path, new Dictionary<string, string>());
        byte[] bytes = File.ReadAllBytes(path);
        int length = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        string header = Encoding.UTF8.GetString(bytes, 8, length);
        int at = header.IndexOf("\"shape\":[", header.IndexOf("\"pedal.output.bias\"", StringComparison.Ordinal), StringComparison.Ordinal) + "\"shape\":[".Length;
        int end = header.IndexOf(']', at);
        int offsets = header.IndexOf("\"data_offsets\":[", at, StringComparison.Ordinal) + "\"data_offsets\":[".Length;
        int comma = header.IndexOf(',', offsets), close = header.IndexOf(']', offsets);
        long begin = long.Parse(header[offsets..comma], CultureInfo.InvariantCulture);
        string scalar = header[..at] + header[end..offsets] + begin + "," + (begin + 4) + header[close..];
        path = Write(scalar, (ulong)Encoding.UTF8.GetByteCount(scalar), bytes[(8 + length)..(8 + length + (int)begin + 4)]);
        Assert.Contains("pedal.output.bias has the shape []", Assert.Throws<InvalidDataException>(() => Network.Load(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WeightsThatAreNotThoseThatWereWrittenAreRefused()
    {
        using Network network = Network.CreateRandom(new NetworkShape(1, 16, 16, 16), 5);
        string path = Path.Combine(_folder, "network.safetensors");
        network.Save(path, new Dictionary<string, string>());
        byte[] sound = File.ReadAllBytes(path);
        int data = sizeof(ulong) + (int)BitConverter.ToUInt64(sound);
        var random = new Random(1);
        for (int i = 0; i < 20; i++)
        {
            byte[] changed = [.. sound];
            changed[random.Next(data, sound.Length)] ^= 1; // the least that can happen to a weight
            Assert.Contains("their hash is another", Refusal(changed), StringComparison.Ordinal);
        }

        Assert.Contains("behind its tensors stand 3 bytes that belong to none", Refusal([.. sound, 1, 2, 3]), StringComparison.Ordinal);
        int text = sound.AsSpan().IndexOf("\"sha256\""u8);
        sound[text + 1] = (byte)'S';
        Assert.Contains("does not tell the sha256 of its tensors", Refusal(sound), StringComparison.Ordinal);

        string Refusal(byte[] bytes)
        {
            File.WriteAllBytes(path, bytes);
            return Assert.Throws<InvalidDataException>(() => Network.Load(path)).Message;
        }
    }

    [Fact]
    public void BytesBetweenTensorsAreRefused()
    {
        const string Header = """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}""";
        string path = Write(Header, (ulong)Encoding.UTF8.GetByteCount(Header), new byte[12]);
        Assert.Contains("before tensor b stand 4 bytes", Assert.Throws<InvalidDataException>(() => SafetensorsFile.Open(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnyByteChangedIsEitherANetworkOrOneClearError()
    {
        using Network network = Network.CreateRandom(new NetworkShape(1, 16, 16, 16), 5);
        string path = Path.Combine(_folder, "network.safetensors");
        network.Save(path, new Dictionary<string, string>());
        byte[] sound = File.ReadAllBytes(path);
        int header = sizeof(ulong) + (int)BitConverter.ToUInt64(sound);
        var random = new Random(1);
        for (int i = 0; i < 500; i++)
        {
            byte[] broken = [.. sound];
            broken[random.Next(header + 100)] = (byte)random.Next(256);
            File.WriteAllBytes(path, random.Next(4) == 0 ? broken[..random.Next(broken.Length)] : broken);
            try
            {
                Network.Load(path).Dispose();
            }
            catch (InvalidDataException exception)
            {
                Assert.Contains(path, exception.Message, StringComparison.Ordinal);
            }
        }
    }

    private string Write(string header, ulong length, byte[] data)
    {
        string path = Path.Combine(_folder, "file.safetensors");
        byte[] prefix = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, length);
        File.WriteAllBytes(path, [.. prefix, .. Encoding.UTF8.GetBytes(header), .. data]);
        return path;
    }
}
