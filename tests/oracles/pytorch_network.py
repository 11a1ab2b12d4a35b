#!/usr/bin/python3
"""Writes what PyTorch makes of a small network: its losses and gradients, as the oracle of NetworkTests_PyTorch.

    /usr/bin/python3 tests/oracles/pytorch_network.py        (Debian: apt-get install python3-torch)

Two files go to tests/MusicRnn.Tests/Fixtures: the network, in the form that MusicRnn loads, and a window of notes with
the losses and gradients that torch.nn.LSTM, torch.nn.Linear, torch.nn.functional.embedding and cross_entropy give.
Attention is written out note by note.
"""
import hashlib
import json
import math
import pathlib
import struct

import numpy as np
import torch

LAYERS, HIDDEN, EMBEDDING, HEAD = 2, 32, 16, 16
BINS, PITCHES, VELOCITIES, PEDALS = 80, 88, 32, 27
RECENT, INTERVALS = 8, 64
STEPS, STREAMS, NO_NOTE = 20, 3, 255
AGES, HOLDS, LENGTHS = 7, 8, 16
TABLES = {
    "step": BINS + 1, "pitch": PITCHES, "velocity": VELOCITIES, "pedal": 2, "interval": 98, "sounding": AGES * PITCHES,
    "released": HOLDS * PITCHES, "held": BINS, "ago": BINS, "repeated_pitch": 5 * PITCHES + 1, "repeated_step": 5 * BINS + 1,
}
ATTENTIONS, PAST, TOP_KEYS, HEAD_KEYS, VALUES, DISTANCES = 4, 128, 128, 64, 128, 15
PITCH_ROW, VELOCITY_ROW, SOUNDING_ROW = BINS + 1, BINS + 1 + PITCHES, BINS  # of a note's tables; of a duration's
NOTE_ROWS = VELOCITY_ROW + VELOCITIES
MOST_ROWS, STEP_REPEATS, VELOCITY_NEIGHBOURS, DURATION_NEIGHBOURS = 67, 5 * BINS + 1, 16 * VELOCITIES + 3, 22 * (BINS // 2) + 4

torch.manual_seed(20)
random = np.random.default_rng(21)
fixtures = pathlib.Path(__file__).resolve().parent.parent / "MusicRnn.Tests" / "Fixtures"


def save(path, tensors, metadata):
    header, offset = {"__metadata__": metadata}, 0
    for name, tensor in tensors.items():
        size = tensor.numel() * 4
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [offset, offset + size]}
        offset += size
    data = b"".join(tensor.detach().contiguous().numpy().astype("<f4").tobytes() for tensor in tensors.values())
    metadata["sha256"] = hashlib.sha256(data).hexdigest()
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


def weight(*shape):
    return ((torch.rand(*shape) * 2 - 1) * 0.4).requires_grad_()


lstm = torch.nn.LSTM(EMBEDDING, HIDDEN, LAYERS)
w = {f"embedding.{name}.weight": weight(rows, EMBEDDING) for name, rows in TABLES.items()}
w.update({"lstm." + name: parameter for name, parameter in lstm.named_parameters()})
for name, outputs, inputs in [
    ("step", BINS, HIDDEN), ("projection", 4 * HEAD, HIDDEN), ("pitch.absolute", PITCHES, HEAD),
    ("pitch.relative", RECENT * INTERVALS, HEAD), ("pitch.repeated", 6 * LENGTHS, HEAD), ("velocity.output", VELOCITIES, HEAD),
    ("step.deep", HEAD, HIDDEN), ("pitch.deep", HEAD, HEAD), ("velocity.deep", HEAD, HEAD), ("duration.deep", HEAD, HEAD),
    ("step.of_late", LENGTHS, HIDDEN), ("duration.of_late", LENGTHS, HEAD), ("duration.output", BINS, HEAD), ("pedal.output", PEDALS, HEAD),
]:
    w[name + ".weight"], w[name + ".bias"] = weight(outputs, inputs), weight(outputs)
for name, rows in [
    ("pitch.given_step", BINS), ("velocity.given_step", BINS), ("velocity.given_pitch", PITCHES),
    ("velocity.given_neighbour", VELOCITY_NEIGHBOURS),
    ("duration.given_step", BINS), ("duration.given_pitch", PITCHES), ("duration.given_velocity", VELOCITIES),
    ("duration.given_neighbour", DURATION_NEIGHBOURS),
    ("pedal.given_step", BINS), ("pedal.given_pitch", PITCHES),
]:
    w[name + ".weight"] = weight(rows, HEAD)
w["step.given_repeat.weight"], w["step.deep_output.weight"] = weight(STEP_REPEATS, BINS), weight(BINS, HEAD)
for name, asking, keys in [("attention", HIDDEN, TOP_KEYS), ("velocity.attention", HEAD, HEAD_KEYS), ("duration.attention", HEAD, HEAD_KEYS)]:
    w[name + ".query.weight"], w[name + ".key.weight"] = weight(keys, asking), weight(keys, HIDDEN)
    w[name + ".value.weight"], w[name + ".value_note.weight"] = weight(VALUES, HIDDEN), weight(NOTE_ROWS, VALUES)
    w[name + ".distance.weight"], w[name + ".nothing.weight"] = weight(DISTANCES, ATTENTIONS), weight(keys)
    w[name + ".output.weight"] = weight(asking, VALUES)
w["velocity.attention.key_note.weight"] = weight(VELOCITY_ROW, HEAD_KEYS)  # the velocity is what it predicts
w["duration.attention.key_note.weight"] = weight(NOTE_ROWS, HEAD_KEYS)
w["duration.attention.value_duration.weight"] = weight(BINS + 1, VALUES)

shape = (STEPS + 1, STREAMS)
window = {
    "step": random.integers(0, BINS, shape), "pitch": random.integers(0, PITCHES, shape),
    "velocity": random.integers(0, VELOCITIES, shape), "duration": random.integers(1, BINS, shape),
    "pedal_class": random.integers(-1, PEDALS, shape),
    "start": (random.random(shape) < 0.15).astype(int),
    "row_count": random.integers(len(TABLES), MOST_ROWS + 1, shape), "rows": random.integers(0, sum(TABLES.values()), shape + (MOST_ROWS,)),
    "repeat": np.stack([random.integers(0, most, shape) for most in (PITCHES, LENGTHS, PITCHES, LENGTHS, STEP_REPEATS)], -1),
    "near": np.stack([random.integers(0, most, shape) for most in 3 * (VELOCITY_NEIGHBOURS,) + 4 * (DURATION_NEIGHBOURS,)], -1),
    "step_levels": random.integers(0, LENGTHS, shape + (BINS,)), "duration_levels": random.integers(0, LENGTHS, shape + (BINS,)),
    "votes": random.integers(0, LENGTHS, shape + (4, PITCHES)),
    "recent": np.where(random.random(shape + (RECENT,)) < 0.2, NO_NOTE, random.integers(0, PITCHES, shape + (RECENT,))),
}
first = 0
for column, rows in enumerate(TABLES.values()):
    window["rows"][..., column] = first + random.integers(0, rows, shape)  # every table is read
    first += rows
window["pitch"][:, 2] = random.choice([30, 37, 42], STEPS + 1)  # few keys, struck again while they sound
window["start"][1:, 2] = 0  # one passage, so that places lie far back too
window["onset"] = np.cumsum(np.where(random.random(shape) < 0.25, 0, random.integers(1, 40, shape)), 0)
window["release"] = window["onset"] + np.where(random.random(shape) < 0.4, random.integers(1, 11, shape), random.integers(1, 81, shape))
t = {name: torch.tensor(values) for name, values in window.items()}

state = (torch.zeros(LAYERS, STREAMS, HIDDEN), torch.zeros(LAYERS, STREAMS, HIDDEN))
sums = {name: torch.zeros(()) for name in ("step", "pitch", "velocity", "duration", "pedal")}


def linear(name, x):
    return torch.nn.functional.linear(x, w[name + ".weight"], w[name + ".bias"])


edges = list(range(26))  # the first frame of each bin, as in Grid
while len(edges) <= BINS:
    edges.append(edges[-1] + max(1, round(edges[-1] * 0.0825)))


def bin_of(frames):
    return max(bin for bin in range(BINS) if edges[bin] <= frames)


def duration_row(note, now, b):
    """The bin of how long a note's key was down, as far as is known at another note; SOUNDING_ROW if it is down."""
    onset, release, pitch = (window[name][:, b] for name in ("onset", "release", "pitch"))
    for later in range(note + 1, now + 1):
        if release[note] <= onset[later] or pitch[note] == pitch[later]:
            return bin_of(max(1, min(release[note], onset[later]) - onset[note]))
    return SOUNDING_ROW


def attend(name, x, hiddens, now, b):
    """What the notes before note `now` of stream b say to x; hiddens are the LSTM's outputs at all notes up to it."""
    tensor = {key: w.get(f"{name}.{key}.weight") for key in (
        "query", "key", "key_note", "value", "value_note", "value_duration", "distance", "nothing", "output")}
    query = tensor["query"] @ x
    places, keys, values = [], [], []
    for place in range(now):
        if now - place > PAST or any(t["start"][place + 1:now + 1, b]):
            continue
        follower = place + 1
        note_rows = [int(t["step"][follower, b]), PITCH_ROW + int(t["pitch"][follower, b]), VELOCITY_ROW + int(t["velocity"][follower, b])]
        key = tensor["key"] @ hiddens[place][b]
        if tensor["key_note"] is not None:  # velocity's has no rows of velocities
            key = key + sum(tensor["key_note"][row] for row in note_rows if row < len(tensor["key_note"]))
        value = tensor["value"] @ hiddens[follower][b] + sum(tensor["value_note"][row] for row in note_rows)
        if tensor["value_duration"] is not None:
            value = value + tensor["value_duration"][duration_row(follower, now, b)]
        places.append(place)
        keys.append(key)
        values.append(value)
    share = len(query) // ATTENTIONS
    results = []
    for g in range(ATTENTIONS):
        own, own_values = slice(g * share, (g + 1) * share), slice(g * VALUES // ATTENTIONS, (g + 1) * VALUES // ATTENTIONS)
        scores = [query[own] @ tensor["nothing"][own] / math.sqrt(share)]
        for place, key in zip(places, keys):
            score = query[own] @ key[own] / math.sqrt(share)
            for f in range(DISTANCES):
                score = score + tensor["distance"][f, g] * max(0, 1 - abs(2 * math.log2(now - place) - f))
            scores.append(score)
        shares = torch.softmax(torch.stack(scores), 0)
        result = torch.zeros(VALUES // ATTENTIONS)  # the value of nothing
        for of_place, value in zip(shares[1:], values):
            result = result + of_place * value[own_values]
        results.append(result)
    return tensor["output"] @ torch.cat(results)


def deepened(head, z):
    return z + torch.relu(linear(head + ".deep", z))


def loss(name, logits, target):
    sums[name] = sums[name] + torch.nn.functional.cross_entropy(logits[None], target[None])


inputs = torch.cat([w[f"embedding.{name}.weight"] for name in TABLES])  # a row has one number among all tables
hiddens = []  # the uppermost layer's output at each note
for step in range(STEPS):
    x = torch.stack([inputs[t["rows"][step, b, :t["row_count"][step, b]]].sum(0) for b in range(STREAMS)])
    output, state = lstm(x[None], state)
    hiddens.append(output[0])
    hidden = torch.stack([output[0, b] + attend("attention", output[0, b], hiddens, step, b) for b in range(STREAMS)])
    features = linear("projection", hidden)
    for b in range(STREAMS):
        if t["start"][step + 1, b]:
            continue
        s, p, v, d = (t[name][step + 1, b] for name in ("step", "pitch", "velocity", "duration"))
        f = features[b].split(HEAD)
        repeat, near = t["repeat"][step + 1, b], t["near"][step + 1, b]
        deep = w["step.deep_output.weight"] @ torch.relu(linear("step.deep", hidden[b]))
        loss("step", linear("step", hidden[b]) + deep + w["step.given_repeat.weight"][repeat[4]]
             + linear("step.of_late", hidden[b])[t["step_levels"][step + 1, b]], s)
        z = deepened("pitch", torch.relu(f[0] + w["pitch.given_step.weight"][s]))
        logits, relative = linear("pitch.absolute", z), linear("pitch.relative", z).view(RECENT, INTERVALS)
        for back in range(RECENT):
            recent = int(t["recent"][step, b, back])
            if recent != NO_NOTE:
                # The logit of interval i - 32 from a recent note goes to pitch recent + i - 32.
                padded = torch.nn.functional.pad(relative[back], (PITCHES, PITCHES))
                lowest = PITCHES + INTERVALS // 2 - recent
                logits = logits + padded[lowest:lowest + PITCHES]
        repeated = linear("pitch.repeated", z).view(6, LENGTHS)
        for moved in range(2):
            logits = logits + repeated[moved][t["votes"][step + 1, b, moved]]
            pitch, length = repeat[2 * moved], repeat[2 * moved + 1]
            if length > 0:  # 0 is none
                logits = logits + torch.nn.functional.one_hot(pitch, PITCHES) * repeated[2 + moved][length]
        for past in range(2):  # how lately it was struck; how often its class came
            logits = logits + repeated[4 + past][t["votes"][step + 1, b, 2 + past]]
        loss("pitch", logits, p)
        u = (f[1] + w["velocity.given_step.weight"][s] + w["velocity.given_pitch.weight"][p]
             + w["velocity.given_neighbour.weight"][near[:3]].sum(0))
        z = deepened("velocity", torch.relu(u + attend("velocity.attention", u, hiddens, step, b)))
        loss("velocity", linear("velocity.output", z), v)
        u = (f[2] + w["duration.given_step.weight"][s] + w["duration.given_pitch.weight"][p]
             + w["duration.given_velocity.weight"][v]
             + w["duration.given_neighbour.weight"][near[3:]].sum(0))
        z = deepened("duration", torch.relu(u + attend("duration.attention", u, hiddens, step, b)))
        loss("duration", linear("duration.output", z) + linear("duration.of_late", z)[t["duration_levels"][step + 1, b]], d)
        if t["pedal_class"][step + 1, b] >= 0:
            z = torch.relu(f[3] + w["pedal.given_step.weight"][s] + w["pedal.given_pitch.weight"][p])
            loss("pedal", linear("pedal.output", z), t["pedal_class"][step + 1, b])
    keep = (1 - t["start"][step + 1]).float()[None, :, None]
    state = tuple(part * keep for part in state)

total = (sums["step"] + sums["pitch"] + sums["velocity"] + sums["duration"] + 0.5 * sums["pedal"]) / (STEPS * STREAMS)
total.backward()

size = {"layers": LAYERS, "hidden": HIDDEN, "embedding": EMBEDDING, "head": HEAD}
save(fixtures / "pytorch-network.safetensors", w,
     {"format": "musicrnn", "version": "4", **{name: str(value) for name, value in size.items()}})
for name, value in w.items():
    assert value.grad.abs().max() > 0, name + " learns nothing"  # or the oracle would not tell whether it is right
oracle = {"window." + name: values.float() for name, values in t.items()}
oracle.update({"loss." + name: value.reshape(1) for name, value in sums.items()})
oracle.update({"gradient." + name: value.grad for name, value in w.items() if not name.startswith("lstm.bias_hh")})
save(fixtures / "pytorch-oracle.safetensors", oracle, {"torch": torch.__version__})
print({name: round(float(value), 4) for name, value in sums.items()})
