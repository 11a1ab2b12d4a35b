using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace MusicRnn.Host.Panel;

/// <summary>The instrument's numbers as System.Diagnostics.Metrics, which dotnet-counters and OpenTelemetry read, and as OpenMetrics text.</summary>
internal sealed class PanelMetrics : IDisposable
{
    /// <summary>The media type of OpenMetrics text.</summary>
    public const string MediaType = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    private readonly Meter _meter = new("MusicRnn");

    /// <summary>Makes the meters.</summary>
    public PanelMetrics(Pages pages)
    {
        Counter("musicrnn.events.late", "Messages that came later than their input had promised", () => pages.Stage?.Session.Late ?? 0);
        Counter("musicrnn.journal.drops", "Events that found no room in the journal", () => pages.Stage?.Session.JournalDropped ?? 0);
        Counter("musicrnn.input.drops", "Messages that found no room on their way to the improviser", () => pages.Stage?.Rig.Doors.Sum(door => door.Events.Drops) ?? 0);
        Counter("musicrnn.output.overflows", "Times that an output was too full and released everything", () => pages.Stage?.Rig.Lanes.Sum(lane => lane.Overflows) ?? 0);
        Counter("musicrnn.audio.xruns", "Interruptions of the sound", () => pages.Stage?.Rig.Audio.Xruns ?? 0);
        Counter("musicrnn.device.losses", "Times that a device went away", () => pages.Vitals.Losses);
        Counter("musicrnn.notes.fed", "Notes fed to the network", () => pages.Stage?.Session.NotesFed ?? 0);
        Counter("musicrnn.pages.dropped", "Pages that were dropped", () => pages.Dropped);
        Gauge("musicrnn.pages.open", "Pages that are open", () => pages.Clients.Count);
        Gauge("musicrnn.note.microseconds", "Work for each note fed to the network", () => pages.Vitals.MicrosecondsANote);
        Gauge("musicrnn.decision.to.sound.milliseconds", "From deciding a note of the machine to its sounding", () => pages.Vitals.DecisionToSoundMilliseconds);
        Gauge("musicrnn.heap.bytes", "The managed heap", () => GC.GetTotalMemory(forceFullCollection: false));
        Gauge("musicrnn.memory.bytes", "Memory of the whole process", () => Environment.WorkingSet);
    }

    /// <summary>Writes every number (OpenMetrics 1.0).</summary>
    public string Write()
    {
        var text = new StringBuilder();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, to) =>
        {
            if (instrument.Meter == _meter)
            {
                to.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => Write(text, instrument, value));
        listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => Write(text, instrument, value));
        listener.Start();
        listener.RecordObservableInstruments();
        return text.Append("# EOF\n").ToString();
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private static void Write(StringBuilder text, Instrument instrument, double value)
    {
        bool counts = instrument is ObservableCounter<long>;
        string name = instrument.Name.Replace('.', '_');
        text.Append(CultureInfo.InvariantCulture, $"# TYPE {name} {(counts ? "counter" : "gauge")}\n");
        text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {instrument.Description}.\n");
        text.Append(CultureInfo.InvariantCulture, $"{name}{(counts ? "_total" : "")} {value}\n");
    }

    private void Counter(string name, string description, Func<long> value) => _meter.CreateObservableCounter(name, value, unit: null, description);

    private void Gauge(string name, string description, Func<double> value) => _meter.CreateObservableGauge(name, value, unit: null, description);
}
