using System.Diagnostics;
using System.Runtime.InteropServices;
using MusicRnn.Midi;
using MusicRnn.Tests.Performance;
using static MusicRnn.Tests.Devices.Alsa.RealKernel;

namespace MusicRnn.Host.Tests.Alsa;

/// <summary>The whole instrument on real ALSA, judged by ALSA's own programs.</summary>
public sealed class RunTests_RealKernel
{
    private const int Rate = 48_000;

    [Fact]
    public void WhatAplaymidiPlaysIsHeardAndAnsweredOnBothOutputsAndTheEndLeavesNothingSounding()
    {
        using var stage = new AlsaStage(TestNetworks.Lively);
        string capture = stage.File("capture.raw"), recording = stage.File("heard.mid");
        using Process card = Start("arecord", "-q", "-D", "hw:Loopback,1,0", "-f", "FLOAT_LE", "-c", "2", "-r", $"{Rate}", "-t", "raw", capture);
        Await(() => File.ReadAllText("/proc/asound/card1/pcm1c/sub0/status").Contains("RUNNING", StringComparison.Ordinal));
        stage.Start("--audio", "alsa:hw:Loopback,0,0", "--set", "Parameters:length=10");
        AlsaStage.Wire();
        using Process recorder = Start("arecordmidi", "-f", "25", "-t", "40", "-p", "MusicRnn:1", recording); // ticks of a millisecond
        Pass(500);

        stage.Play("MusicRnn:0", AlsaStage.Phrase());
        stage.WaitFor(() => States(stage) is [.., 2, 0], "an answer, and its end");
        AlsaStage.Interrupt(recorder);
        Assert.InRange(stage.Heard.Count(message => message.IsNoteOn), 10, 13);
        Assert.Empty(AlsaStage.Sounding(stage.Dump.Heard));
        ThePhraseIsHeardThruInTime(recording, stage.Heard);

        stage.Play("MusicRnn:0", [(0, MidiMessage.Control(0, 22, 127)), .. AlsaStage.Phrase()]); // an answer without end
        stage.WaitFor(() => AlsaStage.Sounding(stage.Heard).Count > 0 && States(stage)[^1] == 2, "a note of the machine");
        stage.Instrument.Send(Signal.Terminate);
        Assert.Equal(0, stage.Instrument.WaitForExit());
        Await(() => AlsaStage.Sounding(stage.Dump.Heard).Count == 0);
        Assert.Contains(MidiMessage.Control(AlsaStage.Machine, Controller.Sustain, 0), stage.Heard.SkipWhile(message => !message.IsNoteOn));
        AlsaStage.Interrupt(card);
        ReadOnlySpan<float> sound = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(capture));
        Assert.InRange(Peak(sound), 0.02f, 1f);
        Assert.Empty(stage.Instrument.Error);
    }

    [Fact]
    public void AKeyboardThatIsPulledOutHoldsNothingAndPlaysAgainWhenItIsBack()
    {
        using var stage = new AlsaStage(TestNetworks.Lively);
        PlugIn();
        stage.Start("--midi-in", "alsa:test piano", "--audio", "none", "--set", "Parameters:mode=Listen");
        AlsaStage.Wire();
        stage.Play("f_midi:0", (0, MidiMessage.NoteOn(0, 60, 90)), (100, MidiMessage.Control(0, Controller.Sustain, 127))); // held
        stage.WaitFor(() => stage.Dump.Heard.Contains(MidiMessage.Control(0, Controller.Sustain, 127)), "the keyboard");
        Assert.Contains(MidiMessage.NoteOn(0, 60, 90), stage.Dump.Heard);

        PullOut();
        stage.WaitFor(() => stage.Dump.Heard.Contains(MidiMessage.NoteOff(0, 60)), "its key to be released");
        stage.WaitFor(() => stage.Dump.Heard.Contains(MidiMessage.Control(0, Controller.Sustain, 0)), "its pedal to be released");
        stage.Instrument.WaitForLine("Warning: Listens");

        PlugIn();
        stage.WaitFor(() => stage.Instrument.Output.Split("plays what comes from").Length > 2, "it to be wired again");
        stage.Play("f_midi:0", (0, MidiMessage.NoteOn(0, 67, 90)), (100, MidiMessage.NoteOff(0, 67)));
        stage.WaitFor(() => stage.Dump.Heard.Contains(MidiMessage.NoteOff(0, 67)), "the keyboard again");
        Assert.Empty(AlsaStage.Sounding(stage.Dump.Heard));
    }

    [Fact]
    public void AfterAKillTheNextStartFindsWhoHeardItAndReleasesWhatWasLeft()
    {
        using var stage = new AlsaStage(TestNetworks.Slow); // whose notes are long
        string[] options = ["--audio", "none", "--set", "Parameters:length=127"];
        stage.Start(options);
        AlsaStage.Wire();
        stage.Play("MusicRnn:0", AlsaStage.Phrase());
        stage.WaitFor(() => AlsaStage.Sounding(stage.Heard).Count > 0, "a note of the machine");
        Pass(500); // until it is remembered who hears it
        stage.Instrument.Send(Signal.Kill);
        stage.Instrument.WaitForExit();
        Assert.NotEmpty(AlsaStage.Sounding(stage.Heard));
        stage.Instrument.Dispose();

        int before = stage.Dump.Heard.Length;
        stage.Start(options);
        stage.WaitFor(() => AlsaStage.Sounding(stage.Heard).Count == 0, "the release of what was left");
        stage.WaitFor(() => stage.Heard.Length > 0 && stage.Dump.Heard[before..].Contains(MidiMessage.Control(AlsaStage.Machine, Controller.Sustain, 0)), "the pedal's");
    }

    /// <summary>The states for lights that were sent: 0 idle, 1 listening, 2 answering.</summary>
    private static List<int> States(AlsaStage stage) => [.. stage.Heard.Where(message => message.IsControl(119)).Select(message => (int)message.Data2)];

    private static void ThePhraseIsHeardThruInTime(string recording, MidiMessage[] machine)
    {
        IReadOnlyList<TrackMessage> messages = MidiFile.Read(recording).Messages;
        TrackMessage[] thru = [.. messages.Where(message => message.Message.Channel == 0 && message.Message.IsNoteOn)];
        (int Milliseconds, MidiMessage Message)[] played = [.. AlsaStage.Phrase().Where(message => message.Message.IsNoteOn)];
        Assert.Equal(played.Select(note => note.Message), thru.Select(note => note.Message));

        // Both programs count in milliseconds. The first note is as late as the emulated processor takes to compile what plays it.
        double[] late = [.. thru.Zip(played, (heard, note) => ((heard.Time - thru[1].Time) / 1e6) - (note.Milliseconds - played[1].Milliseconds))];
        Assert.All(late[1..], milliseconds => Assert.InRange(milliseconds, -3, 3));
        Assert.InRange(late[0], -3, 250);
        Assert.Equal(
            machine.Where(message => message.IsNoteOn),
            messages.Select(message => message.Message).Where(message => message.Channel == AlsaStage.Machine && message.IsNoteOn));
    }

    private static float Peak(ReadOnlySpan<float> sound)
    {
        float peak = 0;
        foreach (float sample in sound)
        {
            peak = Math.Max(peak, Math.Abs(sample));
        }

        return peak;
    }
}
