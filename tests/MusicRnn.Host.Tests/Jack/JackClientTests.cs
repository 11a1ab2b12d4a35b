using MusicRnn.Midi;

namespace MusicRnn.Host.Tests.Jack;

/// <summary>The measuring instrument itself: what one client plays, another hears at the same frames.</summary>
[Collection(AloneCollection.Name)]
public sealed class JackClientTests
{
    [Fact]
    public void WhatIsPlayedIsRecordedFrameForFrame()
    {
        using var server = new JackServer($"musicrnn-self-{Environment.ProcessId}");
        using JackClient player = server.Join("player");
        using JackClient recorder = server.Join("recorder");
        recorder.RecordFrom("player:play");
        FramedMessage[] played = [.. Enumerable.Range(0, 200).Select(i => new FramedMessage((uint)(i * 37), MidiMessage.NoteOn(0, i % 128, 1 + (i % 127))))];

        uint start = player.Play(played);
        Waiting.Until(() => recorder.Recorded.Count >= played.Length, "the notes", TimeSpan.FromSeconds(10));

        Assert.Equal(played.Select(message => message with { Frame = message.Frame + start }), recorder.Recorded);
    }
}
