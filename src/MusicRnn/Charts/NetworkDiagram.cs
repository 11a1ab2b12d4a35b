using System.Globalization;
using MusicRnn.Model;

namespace MusicRnn.Charts;

/// <summary>The architecture of a network, as SVG: what it reads on the left, the LSTM, what it says of the next note on the right.</summary>
/// <param name="Title">What it is called.</param>
/// <param name="Layout">The network's tensors.</param>
public sealed record NetworkDiagram(string Title, NetworkLayout Layout)
{
    private const double Width = 1040;
    private const double Top = 92;
    private const double BoxHeight = 44;
    private const double Gap = 12;
    private const double InputLeft = 30;
    private const double InputWidth = 190;
    private const double TrunkLeft = 300;
    private const double TrunkWidth = 260;
    private const double HeadLeft = 650;
    private const double HeadWidth = 360;

    /// <summary>Draws it.</summary>
    public string ToSvg()
    {
        IReadOnlyList<NetworkPart> parts = NetworkPart.Of(Layout);
        NetworkPart[] inputs = Of(parts, NetworkPartKind.Input), heads = Of(parts, NetworkPartKind.Head);
        NetworkPart[] trunk = [.. Of(parts, NetworkPartKind.Layer), .. Of(parts, NetworkPartKind.Attention), .. Of(parts, NetworkPartKind.Projection)];
        int rows = Math.Max(inputs.Length, Math.Max(heads.Length, trunk.Length + 1));
        double bottom = Top + (rows * (BoxHeight + Gap)) - Gap;
        var canvas = new SvgCanvas(Width, bottom + 40, Title);
        canvas.Text("title", InputLeft, 30, Title);
        canvas.Text("", InputLeft, 52, $"{Count(Layout.Parameters)} parameters; in each part its shape and its own");
        canvas.Text("mark", InputLeft, Top - 12, "What it reads of each note");
        canvas.Text("mark", TrunkLeft, Top - 12, "What it remembers");
        canvas.Text("mark", HeadLeft, Top - 12, "What it says of the next");

        // The trunk runs upwards beside the inputs, which meet at its foot; the heads branch off at its top.
        double[] trunkY = Spread(trunk.Length + 1, bottom), inputY = Spread(inputs.Length, bottom), headY = Spread(heads.Length, bottom);
        double sumY = trunkY[^1];
        Bus(canvas, inputY, InputLeft + InputWidth, sumY, TrunkLeft);
        DrawBox(canvas, "f2", TrunkLeft, sumY, TrunkWidth, "sum of their rows", $"{Layout.Shape.Embedding} wide");
        for (int i = 0; i < trunk.Length; i++)
        {
            double y = trunkY[trunk.Length - 1 - i];
            Arrow(canvas, TrunkLeft + (TrunkWidth / 2), trunkY[trunk.Length - i], y + BoxHeight);
            NetworkPart part = trunk[i];
            bool isLayer = part.Kind == NetworkPartKind.Layer;
            DrawBox(canvas, "f1", TrunkLeft, y, TrunkWidth, isLayer ? "LSTM " + part.Name : part.Name, $"{part.Shape}, {Count(part.Parameters)}");
        }

        for (int i = 0; i < heads.Length; i++)
        {
            // The step is told from the memory itself and what attention adds to it, the others by way of the projection.
            bool isStep = heads[i].Name == "step";
            double from = trunkY[isStep ? Math.Min(1, trunk.Length - 1) : 0] + (BoxHeight / 2), to = headY[i] + (BoxHeight / 2);
            Elbow(canvas, TrunkLeft + TrunkWidth, from, HeadLeft, to, isStep ? 34 : 62);
            string attention = heads[i].HasAttention ? "; attention of its own" : "";
            DrawBox(canvas, "f0", HeadLeft, headY[i], HeadWidth, heads[i].Name, $"{heads[i].Shape} logits, {Count(heads[i].Parameters)}{attention}");
            if (heads[i].Given.Count > 0)
            {
                canvas.Text("small", HeadLeft + HeadWidth - 14, headY[i] + 18, "given " + string.Join(", ", heads[i].Given), "end");
            }
        }

        for (int i = 0; i < inputs.Length; i++)
        {
            DrawBox(canvas, "f3", InputLeft, inputY[i], InputWidth, inputs[i].Name, $"{inputs[i].Shape}, {Count(inputs[i].Parameters)}");
        }

        return canvas.Finish();
    }

    private static NetworkPart[] Of(IReadOnlyList<NetworkPart> parts, NetworkPartKind kind) => [.. parts.Where(part => part.Kind == kind)];

    private static double[] Spread(int count, double bottom)
    {
        double used = (count * (BoxHeight + Gap)) - Gap, start = Top + ((bottom - Top - used) / 2);
        return [.. Enumerable.Range(0, count).Select(i => start + (i * (BoxHeight + Gap)))];
    }

    private static void DrawBox(SvgCanvas canvas, string colour, double x, double y, double width, string name, string detail)
    {
        canvas.Rectangle("ground", x, y, width, BoxHeight, 5);
        canvas.Rectangle(colour, x, y, width, BoxHeight, 5, 0.2);
        canvas.Rectangle(colour, x, y, 5, BoxHeight, 2);
        canvas.Text("mark", x + 14, y + 18, name);
        canvas.Text("small", x + 14, y + 34, detail);
    }

    private static void Bus(SvgCanvas canvas, double[] ys, double left, double y, double right)
    {
        double middle = (left + right) / 2;
        foreach (double from in ys)
        {
            canvas.Line("axis thin", left, from + (BoxHeight / 2), middle, from + (BoxHeight / 2));
        }

        double target = y + (BoxHeight / 2);
        canvas.Line("axis thin", middle, Math.Min(ys[0] + (BoxHeight / 2), target), middle, Math.Max(ys[^1] + (BoxHeight / 2), target));
        Elbow(canvas, middle, target, right, target, 0);
    }

    /// <summary>An arrow to the right, by way of a turn so far left of its head.</summary>
    private static void Elbow(SvgCanvas canvas, double x1, double y1, double x2, double y2, double turn)
    {
        double x = x2 - turn;
        canvas.Path("axis thin", new SvgPath().Move(x1, y1).Line(x, y1).Line(x, y2).Line(x2 - 2, y2).Move(x2 - 8, y2 - 4).Line(x2 - 2, y2).Line(x2 - 8, y2 + 4));
    }

    private static void Arrow(SvgCanvas canvas, double x, double from, double to) =>
        canvas.Path("axis thin", new SvgPath().Move(x, from).Line(x, to + 2).Move(x - 4, to + 8).Line(x, to + 2).Line(x + 4, to + 8));

    private static string Count(long number) => number switch
    {
        >= 1_000_000 => (number / 1e6).ToString("0.00", CultureInfo.InvariantCulture) + " M",
        >= 10_000 => (number / 1e3).ToString("0", CultureInfo.InvariantCulture) + " k",
        _ => number.ToString(CultureInfo.InvariantCulture),
    };
}
