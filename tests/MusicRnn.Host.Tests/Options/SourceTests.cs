using MusicRnn.Host.Options;

namespace MusicRnn.Host.Tests.Options;

public sealed class SourceTests
{
    [Theory]
    [InlineData("auto", SourceKind.Auto, "")]
    [InlineData("none", SourceKind.None, "")]
    [InlineData("jack", SourceKind.Jack, "")]
    [InlineData("alsa", SourceKind.Alsa, "")]
    [InlineData("alsa:KeyStep 37", SourceKind.Alsa, "KeyStep 37")]
    [InlineData("alsa:hw:1,0", SourceKind.Alsa, "hw:1,0")]
    [InlineData("file:a b:c.mid", SourceKind.File, "a b:c.mid")]
    public void WhatIsWrittenIsUnderstood(string text, SourceKind kind, string name)
    {
        Assert.Matches(Source.Pattern, text);
        Assert.Equal(new Source(kind, name), Source.Parse(text));
        Assert.Equal(text, Source.Parse(text).ToString());
    }

    [Theory]
    [InlineData("file:songs/a.mid", "/opt/musicrnn/songs/a.mid")]
    [InlineData("file:/tmp/a.mid", "/tmp/a.mid")]
    [InlineData("alsa:songs", "songs")]
    public void AFileLiesWhereEveryPathOfTheSettingsBegins(string text, string name) =>
        Assert.Equal(name, Source.Parse(text).In(new Installation("/opt/musicrnn")).Name);

    [Theory]
    [InlineData("")]
    [InlineData("speakers")]
    [InlineData("file")]
    [InlineData("file:")]
    [InlineData("alsa:")]
    [InlineData("jack:x")]
    [InlineData("auto:")]
    [InlineData("Jack")]
    public void AnythingElseIsRefused(string text)
    {
        Assert.DoesNotMatch(Source.Pattern, text);
        Assert.Throws<FormatException>(() => Source.Parse(text));
    }
}
