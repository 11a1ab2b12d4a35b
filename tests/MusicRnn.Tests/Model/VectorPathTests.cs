using System.Diagnostics;

namespace MusicRnn.Tests.Model;

/// <summary>The paths for machines without AVX-512, and without any vector unit that .NET knows, pass the tests of the path taken here.</summary>
public sealed class VectorPathTests
{
    [Theory]
    [InlineData("DOTNET_EnableAVX512", "Training.TrainingNetworkTests")]
    [InlineData("DOTNET_EnableAVX2", "Training.TrainingNetworkTests")]
    [InlineData("DOTNET_EnableHWIntrinsic")] // a vector at a time by software: every slope of a network takes minutes
    public async Task WithoutAVectorUnitTheSameTestsPass(string switchedOff, params string[] more)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(typeof(VectorPathTests).Assembly.Location);
        foreach (string name in (string[])["Model.Int4MatrixTests", "Model.Int8MatrixTests", "Model.VectorMathTests", "Model.PredictorTests", "Model.LiveAttentionTests", "Model.InputGatesTests", "Training.GemmTests", "Training.AdamTests", "Training.TrainingNetworkTests_PyTorch", .. more])
        {
            start.ArgumentList.Add("-class");
            start.ArgumentList.Add("MusicRnn.Tests." + name);
        }

        start.Environment[switchedOff] = "0";
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, await output);
    }
}
