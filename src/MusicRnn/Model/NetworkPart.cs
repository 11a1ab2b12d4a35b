using System.Globalization;

namespace MusicRnn.Model;

/// <summary>A part of a network as people think of it: an input, a layer, a head.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">What it is called: for an input what it tells, for a head what it predicts.</param>
/// <param name="Shape">Its size: for an input rows x width, for a head the logits that it puts out.</param>
/// <param name="Parameters">How many weights it learns.</param>
/// <param name="Given">What else of the same note it knows: of a head, what heads before it have said.</param>
/// <param name="HasAttention">Whether it is a head with an attention of its own.</param>
public sealed record NetworkPart(NetworkPartKind Kind, string Name, string Shape, long Parameters, IReadOnlyList<string> Given, bool HasAttention)
{
    private const string GivenPrefix = "given_";
    private const string AttentionName = "attention";
    private const string DeepPrefix = "deep";

    /// <summary>The parts of a network, from its input to its heads, by the names of its tensors.</summary>
    public static IReadOnlyList<NetworkPart> Of(NetworkLayout layout)
    {
        var parts = new List<NetworkPart>();
        foreach (IGrouping<(NetworkPartKind Kind, string Name), TensorInfo> group in layout.Tensors.GroupBy(tensor => PlaceOf(tensor.Name)))
        {
            TensorInfo[] outputs = [.. group.Where(tensor => tensor.Name.EndsWith(".weight", StringComparison.Ordinal) && GivenOf(tensor.Name) is null && !IsWithin(tensor.Name))];
            string shape = group.Key.Kind switch
            {
                NetworkPartKind.Input => Text($"{outputs[0].Rows} x {outputs[0].Columns}"),
                NetworkPartKind.Layer => Text($"{layout.Shape.Hidden} cells"),
                NetworkPartKind.Attention => Text($"{AttentionTensors.Heads} heads over the last {AttentionTensors.Past} notes"),
                NetworkPartKind.Projection => Text($"{NetworkLayout.Heads} x {layout.Shape.Head}"),
                _ => string.Join(" + ", outputs.Select(tensor => Text($"{tensor.Rows}"))),
            };
            parts.Add(new NetworkPart(
                group.Key.Kind, group.Key.Name, shape, group.Sum(tensor => tensor.Length), [.. group.Select(tensor => GivenOf(tensor.Name)).OfType<string>()],
                group.Key.Kind == NetworkPartKind.Head && group.Any(tensor => IsAttention(tensor.Name))));
        }

        return [.. parts.OrderBy(part => part.Kind)]; // a stable sort: within a kind they stay as the network has them
    }

    private static (NetworkPartKind Kind, string Name) PlaceOf(string tensor)
    {
        string[] names = tensor.Split('.');
        return names[0] switch
        {
            "embedding" => (NetworkPartKind.Input, names[1].Replace('_', ' ')),
            "lstm" => (NetworkPartKind.Layer, "layer " + (int.Parse(names[1][(names[1].LastIndexOf('l') + 1)..], CultureInfo.InvariantCulture) + 1).ToString(CultureInfo.InvariantCulture)),
            AttentionName => (NetworkPartKind.Attention, names[0]),
            "projection" => (NetworkPartKind.Projection, names[0]),
            _ => (NetworkPartKind.Head, names[0]),
        };
    }

    private static bool IsAttention(string tensor) => tensor.Split('.').Contains(AttentionName);

    /// <summary>Whether a head's tensor lies between its own layer and what it puts out.</summary>
    private static bool IsWithin(string tensor) => IsAttention(tensor) || tensor.Split('.')[1].StartsWith(DeepPrefix, StringComparison.Ordinal);

    private static string? GivenOf(string tensor) =>
        tensor.Split('.').FirstOrDefault(name => name.StartsWith(GivenPrefix, StringComparison.Ordinal))?[GivenPrefix.Length..];

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
