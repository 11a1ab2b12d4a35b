using System.Runtime.InteropServices;
using static MusicRnn.Devices.Alsa.AlsaException;

namespace MusicRnn.Devices.Alsa;

/// <summary>A client of the kernel's sequencer. One thread uses it.</summary>
internal sealed unsafe class Sequencer : IDisposable
{
    private const int PoolEvents = 1000; // the kernel's default of 200 is one arpeggio on a keyboard that sends pressure
    private readonly nint _handle;
    private readonly nint _status;
    private bool _disposed;

    /// <summary>Becomes a client.</summary>
    /// <param name="name">Its name, as other programs see it.</param>
    /// <exception cref="AlsaException">The kernel has no sequencer, or the user may not use it.</exception>
    public Sequencer(string name)
    {
        Check(LibAsound.snd_seq_open(out _handle, "default", LibAsound.OpenDuplex, LibAsound.SequencerNonBlock), "snd_seq_open", "default");
        try
        {
            Check(LibAsound.snd_seq_queue_status_malloc(out _status), "snd_seq_queue_status_malloc");
            Check(LibAsound.snd_seq_set_client_name(_handle, name), "snd_seq_set_client_name", name);
            Client = Check(LibAsound.snd_seq_client_id(_handle), "snd_seq_client_id", name);
            LibAsound.snd_seq_set_client_pool_input(_handle, PoolEvents);
            LibAsound.snd_seq_set_client_pool_output(_handle, PoolEvents);
            PollDescriptor descriptor;
            LibAsound.snd_seq_poll_descriptors(_handle, &descriptor, 1, PollDescriptor.Readable);
            File = descriptor.File;
        }
        catch (AlsaException)
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Our number among the clients.</summary>
    public int Client { get; }

    /// <summary>What to wait on for events.</summary>
    public int File { get; }

    /// <summary>Makes a real-time queue and starts it.</summary>
    /// <returns>Its number.</returns>
    public int StartQueue(string name)
    {
        int queue = Check(LibAsound.snd_seq_alloc_named_queue(_handle, name), "snd_seq_alloc_named_queue", name);
        Check(LibAsound.snd_seq_control_queue(_handle, queue, (int)SequencerEventKind.Start, 0, 0), "snd_seq_control_queue", name);
        Check(LibAsound.snd_seq_drain_output(_handle), "snd_seq_drain_output", name);
        return queue;
    }

    /// <summary>Makes a port.</summary>
    /// <param name="name">Its name, as other programs see it.</param>
    /// <param name="capability">What others may do with it, of <see cref="SequencerPort"/>.</param>
    /// <param name="type">What it is, of <see cref="SequencerPort"/>.</param>
    /// <param name="queue">The queue whose time what it receives is stamped with, or -1.</param>
    /// <returns>Its number.</returns>
    public int CreatePort(string name, uint capability, uint type, int queue)
    {
        Check(LibAsound.snd_seq_port_info_malloc(out nint info), "snd_seq_port_info_malloc");
        try
        {
            LibAsound.snd_seq_port_info_set_name(info, name);
            LibAsound.snd_seq_port_info_set_capability(info, capability);
            LibAsound.snd_seq_port_info_set_type(info, type);
            LibAsound.snd_seq_port_info_set_midi_channels(info, 16);
            if (queue >= 0)
            {
                LibAsound.snd_seq_port_info_set_timestamping(info, 1);
                LibAsound.snd_seq_port_info_set_timestamp_real(info, 1);
                LibAsound.snd_seq_port_info_set_timestamp_queue(info, queue);
            }

            Check(LibAsound.snd_seq_create_port(_handle, info), "snd_seq_create_port", name);
            return LibAsound.snd_seq_port_info_get_port(info);
        }
        finally
        {
            LibAsound.snd_seq_port_info_free(info);
        }
    }

    /// <summary>Wires another client's port to one of ours.</summary>
    /// <returns>0, or the error's negative number.</returns>
    public int ConnectFrom(SequencerAddress source, int port) => LibAsound.snd_seq_connect_from(_handle, port, source.Client, source.Port);

    /// <summary>Wires one of our ports to another client's.</summary>
    /// <returns>0, or the error's negative number.</returns>
    public int ConnectTo(int port, SequencerAddress destination) => LibAsound.snd_seq_connect_to(_handle, port, destination.Client, destination.Port);

    /// <summary>Takes a wire of one of our ports to another client's away.</summary>
    public void DisconnectTo(int port, SequencerAddress destination) => LibAsound.snd_seq_disconnect_to(_handle, port, destination.Client, destination.Port);

    /// <summary>Every port of every client, in order of address.</summary>
    public List<SequencerPort> Ports()
    {
        List<SequencerPort> ports = [];
        Check(LibAsound.snd_seq_client_info_malloc(out nint client), "snd_seq_client_info_malloc");
        Check(LibAsound.snd_seq_port_info_malloc(out nint port), "snd_seq_port_info_malloc");
        LibAsound.snd_seq_client_info_set_client(client, -1);
        while (LibAsound.snd_seq_query_next_client(_handle, client) >= 0)
        {
            int number = LibAsound.snd_seq_client_info_get_client(client);
            string name = Marshal.PtrToStringUTF8(LibAsound.snd_seq_client_info_get_name(client)) ?? "";
            LibAsound.snd_seq_port_info_set_client(port, number);
            LibAsound.snd_seq_port_info_set_port(port, -1);
            while (LibAsound.snd_seq_query_next_port(_handle, port) >= 0)
            {
                string own = Marshal.PtrToStringUTF8(LibAsound.snd_seq_port_info_get_name(port)) ?? "";
                SequencerAddress address = new((byte)number, (byte)LibAsound.snd_seq_port_info_get_port(port));
                ports.Add(new SequencerPort(
                    address, $"{name}:{own.TrimEnd()}", LibAsound.snd_seq_port_info_get_capability(port), LibAsound.snd_seq_port_info_get_type(port)));
            }
        }

        LibAsound.snd_seq_port_info_free(port);
        LibAsound.snd_seq_client_info_free(client);
        return ports;
    }

    /// <summary>The ports that one of our ports is wired to.</summary>
    /// <param name="port">Our port's number.</param>
    /// <param name="isInput">Whether to ask who writes to it, else who reads from it.</param>
    public List<SequencerAddress> Wired(int port, bool isInput)
    {
        List<SequencerAddress> wired = [];
        Check(LibAsound.snd_seq_query_subscribe_malloc(out nint query), "snd_seq_query_subscribe_malloc");
        SequencerAddress root = new((byte)Client, (byte)port);
        LibAsound.snd_seq_query_subscribe_set_root(query, &root);
        LibAsound.snd_seq_query_subscribe_set_type(query, isInput ? 1 : 0);
        for (int i = 0; ; i++)
        {
            LibAsound.snd_seq_query_subscribe_set_index(query, i);
            if (LibAsound.snd_seq_query_port_subscribers(_handle, query) < 0)
            {
                break;
            }

            wired.Add(*LibAsound.snd_seq_query_subscribe_get_addr(query));
        }

        LibAsound.snd_seq_query_subscribe_free(query);
        return wired;
    }

    /// <summary>Takes the next event that has come. [device-thread] allocates nothing, locks nothing, waits for nothing.</summary>
    /// <returns>0 or more for an event, <see cref="LibAsound.Again"/> for none, <see cref="LibAsound.NoSpace"/> when some were lost, or another error's negative number.</returns>
    public int Receive(out SequencerEvent received)
    {
        SequencerEvent* pointer;
        int result = LibAsound.snd_seq_event_input(_handle, &pointer);
        received = result < 0 ? default : *pointer;
        return result;
    }

    /// <summary>Sends an event. [device-thread] allocates nothing, locks nothing, waits for nothing.</summary>
    /// <returns>0 or more, or the error's negative number: <see cref="LibAsound.Again"/> while the kernel has no room for it.</returns>
    public int Send(SequencerEvent sent) => LibAsound.snd_seq_event_output_direct(_handle, &sent);

    /// <summary>A queue's time, in nanoseconds from its start, or -1 if it cannot be told. [device-thread] allocates nothing, locks nothing, waits for nothing.</summary>
    public long TimeOf(int queue)
    {
        if (LibAsound.snd_seq_get_queue_status(_handle, queue, _status) < 0)
        {
            return -1;
        }

        uint* time = LibAsound.snd_seq_queue_status_get_real_time(_status);
        return (time[0] * 1_000_000_000L) + time[1];
    }

    /// <summary>How many events wait in a queue.</summary>
    public int WaitingIn(int queue) => LibAsound.snd_seq_get_queue_status(_handle, queue, _status) < 0 ? 0 : LibAsound.snd_seq_queue_status_get_events(_status);

    /// <summary>Leaves: ports, wires and queues go with the client, and what waits in the queues is forgotten.</summary>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            LibAsound.snd_seq_queue_status_free(_status);
            LibAsound.snd_seq_close(_handle);
        }
    }
}
