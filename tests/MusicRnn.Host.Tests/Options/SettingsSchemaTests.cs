using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using MusicRnn.Host.Options;

namespace MusicRnn.Host.Tests.Options;

public sealed class SettingsSchemaTests
{
    private static readonly JsonSerializerOptions Layout = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly string SchemaFile = Repository.Path("config", "appsettings.schema.json");

    [Fact]
    public void TheSchemaSaysWhatTheOptionsClassesSay()
    {
        string expected = new SchemaWriter().Write().ToJsonString(Layout) + "\n";
        if (Environment.GetEnvironmentVariable("WRITE_SCHEMA") == "1")
        {
            File.WriteAllText(SchemaFile, expected);
        }

        Assert.True(
            expected == File.ReadAllText(SchemaFile),
            "config/appsettings.schema.json is out of step with the options classes: WRITE_SCHEMA=1 ./test --filter SettingsSchema writes it anew.");
    }

    [Fact]
    public void TheProgramChecksByTheSchemaThatEditorsRead()
    {
        JsonNode file = JsonNode.Parse(File.ReadAllText(SchemaFile))!;
        using Stream built = typeof(SettingsSchema).Assembly.GetManifestResourceStream("appsettings.schema.json")!;

        Assert.True(JsonNode.DeepEquals(file, JsonNode.Parse(built)));
    }

    [Fact]
    public void TheShippedSettingsNameEverySettingWithItsDefault()
    {
        var schema = new SettingsSchema();
        JsonNode shipped = JsonNode.Parse(File.ReadAllText(Repository.Path("config", "appsettings.json")))!;
        foreach (SettingRow row in schema.Rows.Where(row => row.Key != "$schema"))
        {
            JsonNode? node = shipped;
            foreach (string part in row.Key.Split(':'))
            {
                Assert.True(node!.AsObject().ContainsKey(part), $"config/appsettings.json does not show {row.Key}.");
                node = node[part];
            }

            Assert.Equal(row.Default, node?.ToJsonString(Layout) ?? "null");
        }
    }

    [Fact]
    public void EveryDescriptionEndsWithItsDefaultOrNamesIt()
    {
        Assert.All(new SettingsSchema().Rows.Where(row => row.Key != "$schema"), row => Assert.Contains("Default: ", row.Description, StringComparison.Ordinal));
    }
}
