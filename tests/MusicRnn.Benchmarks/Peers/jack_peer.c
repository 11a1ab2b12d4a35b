/* A plain JACK client in C: plays messages at exact frames, records the frames at which messages arrive, counts xruns.
 *
 *   jack_peer SERVER NAME       with ports NAME:play and NAME:record; commands come in on standard input, one a line:
 *
 *   connect FROM TO             wires two ports
 *   mark                        "mark FRAME": offsets of play count from there, half a second ahead
 *   play OFFSET STATUS D1 D2    plays a message at a frame
 *   dump                        "heard FRAME STATUS D1 D2" for every message recorded, then "end"; forgets them
 *   xruns                       "xruns N" since the start
 */
#include <jack/jack.h>
#include <jack/midiport.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROOM 65536
typedef struct { jack_nframes_t frame; unsigned char data[3]; } message;

static jack_client_t *client;
static jack_port_t *play_port, *record_port;
static message played[ROOM], heard[ROOM];
static atomic_uint played_count, heard_count, xruns, now;
static unsigned played_next, dumped;

static int process(jack_nframes_t frames, void *argument)
{
    jack_nframes_t start = jack_last_frame_time(client);
    void *out = jack_port_get_buffer(play_port, frames), *in = jack_port_get_buffer(record_port, frames);
    (void)argument;
    atomic_store(&now, start);
    jack_midi_clear_buffer(out);
    unsigned count = atomic_load(&played_count);
    while (played_next < count && (int)(played[played_next % ROOM].frame - start) < (int)frames) {
        message *next = &played[played_next++ % ROOM];
        int offset = (int)(next->frame - start);
        jack_midi_event_write(out, offset < 0 ? 0 : offset, next->data, 3);
    }
    unsigned events = jack_midi_get_event_count(in);
    for (unsigned i = 0; i < events; i++) {
        jack_midi_event_t event;
        if (jack_midi_event_get(&event, in, i) == 0) {
            unsigned at = atomic_load(&heard_count);
            message *slot = &heard[at % ROOM];
            slot->frame = start + event.time;
            memset(slot->data, 0, 3);
            memcpy(slot->data, event.buffer, event.size < 3 ? event.size : 3);
            atomic_store(&heard_count, at + 1);
        }
    }
    return 0;
}

static int on_xrun(void *argument) { (void)argument; atomic_fetch_add(&xruns, 1); return 0; }

int main(int count, char **arguments)
{
    if (count != 3) return 2;
    client = jack_client_open(arguments[2], JackNoStartServer | JackServerName, NULL, arguments[1]);
    if (!client) { fprintf(stderr, "no JACK server %s\n", arguments[1]); return 1; }
    play_port = jack_port_register(client, "play", JACK_DEFAULT_MIDI_TYPE, JackPortIsOutput, 0);
    record_port = jack_port_register(client, "record", JACK_DEFAULT_MIDI_TYPE, JackPortIsInput, 0);
    jack_set_process_callback(client, process, NULL);
    jack_set_xrun_callback(client, on_xrun, NULL);
    if (jack_activate(client)) return 1;
    printf("ready\n");
    fflush(stdout);

    char line[512], from[256], to[256];
    unsigned base = 0, offset, status, first, second;
    while (fgets(line, sizeof line, stdin)) {
        if (sscanf(line, "connect %255s %255s", from, to) == 2) {
            int error = jack_connect(client, from, to);
            printf("connected %d\n", error == 17 /* already */ ? 0 : error);
        } else if (!strncmp(line, "mark", 4)) {
            base = atomic_load(&now) + jack_get_sample_rate(client) / 2;
            printf("mark %u\n", base);
        } else if (sscanf(line, "play %u %u %u %u", &offset, &status, &first, &second) == 4) {
            unsigned at = atomic_load(&played_count);
            played[at % ROOM] = (message){ base + offset, { status, first, second } };
            atomic_store(&played_count, at + 1);
        } else if (!strncmp(line, "dump", 4)) {
            unsigned until = atomic_load(&heard_count);
            for (; dumped < until; dumped++) {
                message *m = &heard[dumped % ROOM];
                printf("heard %u %u %u %u\n", m->frame, m->data[0], m->data[1], m->data[2]);
            }
            printf("end\n");
        } else if (!strncmp(line, "xruns", 5)) {
            printf("xruns %u\n", atomic_load(&xruns));
        }
        fflush(stdout);
    }
    jack_client_close(client);
    return 0;
}
