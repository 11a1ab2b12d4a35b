using System.Buffers;
using System.Text.Json;
using MusicRnn.Performance;

namespace MusicRnn.Host.Panel;

/// <summary>How the instrument fares, as JSON.</summary>
internal static class HealthReport
{
    /// <summary>Writes it.</summary>
    public static ReadOnlySpan<byte> Write(Pages pages)
    {
        var buffer = new ArrayBufferWriter<byte>(2048);
        using (var json = new Utf8JsonWriter(buffer))
        {
            Write(json, pages);
        }

        return buffer.WrittenSpan;
    }

    private static void Write(Utf8JsonWriter json, Pages pages)
    {
        Stage? stage = pages.Stage;
        json.WriteStartObject();
        json.WriteString("status", stage is null ? "starting" : "playing");
        if (stage is not null)
        {
            json.WriteStartArray("devices");
            foreach (IDevice device in stage.Rig.Devices)
            {
                json.WriteStartObject();
                json.WriteString("role", device is IMidiInput ? "listens" : device is IMidiOutput ? "plays" : "sounds");
                json.WriteString("name", device.Name);
                json.WriteString("state", Lower(device.Status.State));
                json.WriteString("text", device.Status.Text);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteNumber("audioLatencyMilliseconds", Math.Round(stage.Rig.Audio.Latency / 1e6, 1));
            json.WriteNumber("lateEvents", stage.Session.Late);
            json.WriteNumber("journalDrops", stage.Session.JournalDropped);
            json.WriteNumber("overflows", stage.Rig.Lanes.Sum(lane => lane.Overflows));
            json.WriteNumber("inputDrops", stage.Rig.Doors.Sum(door => door.Events.Drops));
            json.WriteNumber("xruns", stage.Rig.Audio.Xruns);
            json.WriteBoolean("hasSound", stage.Rig.HasSound);
        }

        json.WriteNumber("microsecondsANote", Math.Round(pages.Vitals.MicrosecondsANote));
        json.WriteNumber("decisionToSoundMilliseconds", Math.Round(pages.Vitals.DecisionToSoundMilliseconds));
        json.WriteNumber("deviceLosses", pages.Vitals.Losses);
        json.WriteNumber("pages", pages.Clients.Count);
        json.WriteNumber("pagesDropped", pages.Dropped);
        json.WriteNumber("heapBytes", GC.GetTotalMemory(forceFullCollection: false));
        json.WriteNumber("memoryBytes", Environment.WorkingSet);
        json.WriteEndObject();
    }

    private static string Lower(DeviceState state) => state.ToString().ToLowerInvariant();
}
