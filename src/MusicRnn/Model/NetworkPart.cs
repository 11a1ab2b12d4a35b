using System.Globalization;

namespace MusicRnn.Model;

/// <summary>A part of a network as people think of it: an input, a layer, a head.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">What it is called: for an input what it tells, for a head what it predicts.</param>
/// <param name="Shape">Its size: for an input rows x width, for a head the logits that it puts out.</param>
/// <param name="Parameters">How many weights it learns.</param>
/// <param name="Given">What else of the same note it knows: of a head, what heads before it have said.</param>
public sealed record NetworkPart(NetworkPartKind Kind, string Name, string Shape, long Parameters, IReadOnlyList<string> Given)
{
    private const string GivenPrefix = "given_";

    /// <summary>The parts of a network, from its input to its heads, by the names of its tensors.</summary>
    public static IReadOnlyList<NetworkPart> Of(NetworkLayout layout)
    {
        var parts = new List<NetworkPart>();
        foreach (IGrouping<(NetworkPartKind Kind, string Name), TensorInfo> group in layout.Tensors.GroupBy(tensor => PlaceOf(tensor.Name)))
        {
            TensorInfo[] outputs = [.. group.Where(tensor => tensor.Name.EndsWith(".weight", StringComparison.Ordinal) && GivenOf(tensor.Name) is null)];
            string shape = group.Key.Kind switch
            {
                NetworkPartKind.Input => Text($"{outputs[0].Rows} x {outputs[0].Columns}"),
                NetworkPartKind.Layer => Text($"{layout.Shape.Hidden} cells"),
                NetworkPartKind.Projection => Text($"{NetworkLayout.Heads} x {layout.Shape.Head}"),
                _ => string.Join(" + ", outputs.Select(tensor => Text($"{tensor.Rows}"))),
            };
            parts.Add(new NetworkPart(
                group.Key.Kind, group.Key.Name, shape, group.Sum(tensor => tensor.Length), [.. group.Select(tensor => GivenOf(tensor.Name)).OfType<string>()]));
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
            "projection" => (NetworkPartKind.Projection, names[0]),
            _ => (NetworkPartKind.Head, names[0]),
        };
    }

    private static string? GivenOf(string tensor) =>
        tensor.Split('.').FirstOrDefault(name => name.StartsWith(GivenPrefix, StringComparison.Ordinal))?[GivenPrefix.Length..];

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
