using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.Extensions.Configuration;
using MusicRnn.Host.Options;

namespace MusicRnn.Host.Tests.Options;

/// <summary>Writes the settings' JSON schema from the options classes: their defaults, their attributes and their documentation.</summary>
internal sealed partial class SchemaWriter
{
    private readonly Dictionary<string, string> _documentation;

    public SchemaWriter()
    {
        _documentation = XDocument.Load(Path.ChangeExtension(typeof(Settings).Assembly.Location, ".xml"))
            .Descendants("member")
            .ToDictionary(member => member.Attribute("name")!.Value, member => Spaces().Replace(member.Element("summary")?.Value ?? "", " ").Trim());
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
            properties[name] = property.PropertyType.Namespace == typeof(Settings).Namespace && property.PropertyType.IsClass
                ? Group(property.PropertyType, value!, text)
                : Row(property, value, text);
        }

        return new JsonObject
        {
            ["type"] = "object",
            ["description"] = description,
            ["properties"] = properties,
            ["additionalProperties"] = false,
        };
    }

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
