using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.Extensions.Configuration;
using MusicRnn.Host.Options;
using MusicRnn.Performance;

namespace MusicRnn.Host.Tests.Options;

/// <summary>Writes the settings' JSON schema from the options classes: their defaults, their attributes and their documentation.</summary>
internal sealed partial class SchemaWriter
{
    private readonly Dictionary<string, string> _documentation;

    public SchemaWriter()
    {
        _documentation = new[] { typeof(Settings), typeof(ParameterTable) }
            .SelectMany(type => XDocument.Load(Path.ChangeExtension(type.Assembly.Location, ".xml")).Descendants("member"))
            .GroupBy(member => member.Attribute("name")!.Value)
            .ToDictionary(members => members.Key, members => Text(members.First().Element("summary")));
    }

    public JsonObject Write()
    {
        JsonObject schema = Group(typeof(Settings), new Settings(), "Settings of MusicRnn. docs/playing.md tells more.");
        schema.Insert(0, "$schema", "http://json-schema.org/draft-07/schema#");
        return schema;
    }

    private JsonObject Group(Type type, object defaults, string description)
    {
        var properties = new JsonObject();
        foreach (PropertyInfo property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            string name = property.GetCustomAttribute<ConfigurationKeyNameAttribute>()?.Name ?? property.Name;
            string text = _documentation[$"P:{type.FullName}.{property.Name}"];
            object? value = property.GetValue(defaults);
            properties[name] = property.Name switch
            {
                nameof(Settings.Parameters) => Group(text, ParameterTable.Rows.Where(row => row.Curve != ParameterCurve.Button).Select(row => (row.Id, ParameterRow(row)))),
                nameof(Settings.Knobs) => Group(text, [
                    (KnobSettings.Channel, Whole("The channel that knobs are read on; 0 is every channel. Default: 0.", 0, 16, 0, nullable: false)),
                    (KnobSettings.State, Whole("The controller that tells lights what the machine does: 0 idle, 1 listening, 2 answering. Default: 119.", 0, 127, 119, nullable: true)),
                    .. ParameterTable.Rows.Select(row => (row.Id, KnobRow(row)))]),
                _ when property.PropertyType.Namespace == typeof(Settings).Namespace && property.PropertyType.IsClass => Group(property.PropertyType, value!, text),
                _ => Row(property, value, text),
            };
        }

        return Group(description, properties.Select(property => (property.Key, property.Value!.DeepClone().AsObject())));
    }

    private static JsonObject Group(string description, IEnumerable<(string Name, JsonObject Schema)> properties) => new()
    {
        ["type"] = "object",
        ["description"] = description,
        ["properties"] = new JsonObject(properties.Select(property => KeyValuePair.Create(property.Name, (JsonNode?)property.Schema))),
        ["additionalProperties"] = false,
    };

    private JsonObject ParameterRow(Parameter row)
    {
        bool isPatience = ParameterTable.IndexOf(row.Id) == ParameterTable.Patience; // its range and default hang on the rule
        string text = _documentation[$"F:{typeof(ParameterTable).FullName}.{char.ToUpperInvariant(row.Id[0])}{row.Id[1..]}"];
        (double low, double high) = (Math.Min(row.From, row.To), Math.Max(row.From, row.To));
        if (isPatience)
        {
            string both = Text($"{text} {low} (patient) to {high} (quick); under rule Silence 0.1 to 3 seconds. Default: null, which is {row.Default}, or {SilenceDefault()} s.");
            return Number(both, low, 3, null, whole: false, nullable: true);
        }

        string unit = row.Unit is "" or "x" ? "" : $" {row.Unit}";
        if (ParameterSettings.IsSwitch(row))
        {
            bool on = row.Default > 0;
            return new JsonObject { ["type"] = "boolean", ["description"] = $"{text} Default: {(on ? "true" : "false")}.", ["default"] = on };
        }

        if (row.Labels.Count > 0)
        {
            string label = row.Labels[(int)(row.Default - row.From)];
            return new JsonObject
            {
                ["type"] = "string",
                ["description"] = $"{text} Default: {label}.",
                ["enum"] = new JsonArray([.. row.Labels.Select(choice => (JsonNode)choice)]),
                ["default"] = label,
            };
        }

        return Number(Text($"{text} {low} to {high}{unit}. Default: {row.Default}."), low, high, row.Default, row.Curve == ParameterCurve.Stepped, nullable: false);
    }

    private static double SilenceDefault()
    {
        var table = new ParameterTable();
        table.SetUnit(ParameterTable.Rule, (int)TurnRule.Silence);
        return table.Describe(ParameterTable.Patience).Default;
    }

    private static JsonObject KnobRow(Parameter row)
    {
        int index = ParameterTable.IndexOf(row.Id);
        int? controller = KnobMap.Default.Knobs.Where(knob => knob.Parameter == index).Select(knob => (int?)knob.Controller).FirstOrDefault();
        return Whole($"The controller of: {row.Name}. Default: {(controller is null ? "null" : controller)}.", 0, 127, controller, nullable: true);
    }

    private static JsonObject Whole(string description, int minimum, int maximum, int? value, bool nullable) =>
        Number(description, minimum, maximum, value, whole: true, nullable);

    private static JsonObject Number(string description, double minimum, double maximum, double? value, bool whole, bool nullable)
    {
        string type = whole ? "integer" : "number";
        return new JsonObject
        {
            ["type"] = nullable ? new JsonArray(type, "null") : type,
            ["description"] = description,
            ["minimum"] = minimum,
            ["maximum"] = maximum,
            ["default"] = value,
        };
    }

    private static string Text(FormattableString text) => FormattableString.Invariant(text);

    /// <summary>The words of a summary; a reference is its last part.</summary>
    private static string Text(XElement? summary) => summary is null ? "" : Spaces().Replace(
        string.Concat(summary.Nodes().Select(node => node is XElement { Name.LocalName: "see" } see ? see.Attribute("cref")!.Value.Split('.')[^1] : node is XElement other ? other.Value : node.ToString())), " ").Trim();

    private static JsonObject Row(PropertyInfo property, object? value, string description)
    {
        Type type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        bool nullable = type != property.PropertyType || new NullabilityInfoContext().Create(property).ReadState == NullabilityState.Nullable;
        string name = type == typeof(bool) ? "boolean" : type == typeof(int) || type == typeof(long) ? "integer" : type == typeof(double) ? "number" : "string";
        var row = new JsonObject { ["type"] = nullable ? new JsonArray(name, "null") : name, ["description"] = description };
        if (property.GetCustomAttribute<RangeAttribute>() is { } range)
        {
            row["minimum"] = JsonValue.Create(Convert.ToDouble(range.Minimum));
            row["maximum"] = JsonValue.Create(Convert.ToDouble(range.Maximum));
        }

        if (type.IsEnum)
        {
            row["enum"] = new JsonArray([.. Enum.GetNames(type).Select(choice => (JsonNode)choice)]);
        }

        if (property.GetCustomAttribute<RegularExpressionAttribute>() is { } pattern)
        {
            row["pattern"] = pattern.Pattern;
            row["patternErrorMessage"] = pattern.ErrorMessage;
        }

        row["default"] = value switch
        {
            null => null,
            Enum choice => choice.ToString(),
            bool flag => flag,
            int or long or double => JsonValue.Create(Convert.ToDouble(value)),
            _ => value.ToString(),
        };
        if (property.IsDefined(typeof(NextStartAttribute)))
        {
            row["nextStart"] = true;
        }

        return row;
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
