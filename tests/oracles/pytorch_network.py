#!/usr/bin/python3
"""Writes what PyTorch makes of a small network: its losses and gradients, as the oracle of NetworkTests_PyTorch.

    /usr/bin/python3 tests/oracles/pytorch_network.py        (Debian: apt-get install python3-torch)

Two files go to tests/MusicRnn.Tests/Fixtures: the network, in the form that MusicRnn loads, and a window of notes with
the losses and gradients that torch.nn.LSTM, torch.nn.Linear, torch.nn.functional.embedding and cross_entropy give.
"""
import json
import pathlib
import struct

import numpy as np
import torch

LAYERS, HIDDEN, EMBEDDING, HEAD = 2, 32, 16, 16
BINS, PITCHES, VELOCITIES, PEDALS = 80, 88, 32, 27
RECENT, INTERVALS = 8, 64
STEPS, STREAMS, MOST_SOUNDING, NO_NOTE = 12, 3, 24, 255

torch.manual_seed(20)
random = np.random.default_rng(21)
fixtures = pathlib.Path(__file__).resolve().parent.parent / "MusicRnn.Tests" / "Fixtures"


def save(path, tensors, metadata):
    header, offset = {"__metadata__": metadata}, 0
    for name, tensor in tensors.items():
        size = tensor.numel() * 4
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [offset, offset + size]}
        offset += size
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for tensor in tensors.values():
            file.write(tensor.detach().contiguous().numpy().astype("<f4").tobytes())


def weight(*shape):
    return ((torch.rand(*shape) * 2 - 1) * 0.4).requires_grad_()


lstm = torch.nn.LSTM(EMBEDDING, HIDDEN, LAYERS)
w = {
    "embedding.step.weight": weight(BINS + 1, EMBEDDING),
    "embedding.pitch.weight": weight(PITCHES, EMBEDDING),
    "embedding.velocity.weight": weight(VELOCITIES, EMBEDDING),
    "embedding.pedal.weight": weight(2, EMBEDDING),
    "embedding.interval.weight": weight(98, EMBEDDING),
    "embedding.sounding.weight": weight(4 * PITCHES, EMBEDDING),
}
w.update({"lstm." + name: parameter for name, parameter in lstm.named_parameters()})
for name, outputs, inputs in [
    ("step", BINS, HIDDEN), ("projection", 4 * HEAD, HIDDEN), ("pitch.absolute", PITCHES, HEAD),
    ("pitch.relative", RECENT * INTERVALS, HEAD), ("velocity.output", VELOCITIES, HEAD),
    ("duration.output", BINS, HEAD), ("pedal.output", PEDALS, HEAD),
]:
    w[name + ".weight"], w[name + ".bias"] = weight(outputs, inputs), weight(outputs)
for name, rows in [
    ("pitch.given_step", BINS), ("velocity.given_step", BINS), ("velocity.given_pitch", PITCHES),
    ("duration.given_step", BINS), ("duration.given_pitch", PITCHES), ("duration.given_velocity", VELOCITIES),
    ("pedal.given_step", BINS), ("pedal.given_pitch", PITCHES),
]:
    w[name + ".weight"] = weight(rows, HEAD)

shape = (STEPS + 1, STREAMS)
window = {
    "step": random.integers(0, BINS, shape), "pitch": random.integers(0, PITCHES, shape),
    "velocity": random.integers(0, VELOCITIES, shape), "duration": random.integers(1, BINS, shape),
    "pedal_down": random.integers(0, 2, shape), "pedal_class": random.integers(-1, PEDALS, shape),
    "interval": random.integers(0, 98, shape), "start": (random.random(shape) < 0.15).astype(int),
    "sounding_count": random.integers(0, 6, shape), "sounding": random.integers(0, 4 * PITCHES, shape + (MOST_SOUNDING,)),
    "recent": np.where(random.random(shape + (RECENT,)) < 0.2, NO_NOTE, random.integers(0, PITCHES, shape + (RECENT,))),
}
t = {name: torch.tensor(values) for name, values in window.items()}

state = (torch.zeros(LAYERS, STREAMS, HIDDEN), torch.zeros(LAYERS, STREAMS, HIDDEN))
sums = {name: torch.zeros(()) for name in ("step", "pitch", "velocity", "duration", "pedal")}


def linear(name, x):
    return torch.nn.functional.linear(x, w[name + ".weight"], w[name + ".bias"])


def loss(name, logits, target):
    sums[name] = sums[name] + torch.nn.functional.cross_entropy(logits[None], target[None])


for step in range(STEPS):
    x = w["embedding.step.weight"][t["step"][step]] + w["embedding.pitch.weight"][t["pitch"][step]] \
        + w["embedding.velocity.weight"][t["velocity"][step]] + w["embedding.pedal.weight"][t["pedal_down"][step]] \
        + w["embedding.interval.weight"][t["interval"][step]]
    x = torch.stack([
        x[b] + w["embedding.sounding.weight"][t["sounding"][step, b, :t["sounding_count"][step, b]]].sum(0)
        for b in range(STREAMS)])
    output, state = lstm(x[None], state)
    hidden = output[0]
    features = linear("projection", hidden)
    for b in range(STREAMS):
        if t["start"][step + 1, b]:
            continue
        s, p, v, d = (t[name][step + 1, b] for name in ("step", "pitch", "velocity", "duration"))
        f = features[b].split(HEAD)
        loss("step", linear("step", hidden[b]), s)
        z = torch.relu(f[0] + w["pitch.given_step.weight"][s])
        logits, relative = linear("pitch.absolute", z), linear("pitch.relative", z).view(RECENT, INTERVALS)
        for back in range(RECENT):
            recent = int(t["recent"][step, b, back])
            if recent != NO_NOTE:
                # The logit of interval i - 32 from a recent note goes to pitch recent + i - 32.
                padded = torch.nn.functional.pad(relative[back], (PITCHES, PITCHES))
                first = PITCHES + INTERVALS // 2 - recent
                logits = logits + padded[first:first + PITCHES]
        loss("pitch", logits, p)
        z = torch.relu(f[1] + w["velocity.given_step.weight"][s] + w["velocity.given_pitch.weight"][p])
        loss("velocity", linear("velocity.output", z), v)
        z = torch.relu(f[2] + w["duration.given_step.weight"][s] + w["duration.given_pitch.weight"][p]
                       + w["duration.given_velocity.weight"][v])
        loss("duration", linear("duration.output", z), d)
        if t["pedal_class"][step + 1, b] >= 0:
            z = torch.relu(f[3] + w["pedal.given_step.weight"][s] + w["pedal.given_pitch.weight"][p])
            loss("pedal", linear("pedal.output", z), t["pedal_class"][step + 1, b])
    keep = (1 - t["start"][step + 1]).float()[None, :, None]
    state = tuple(part * keep for part in state)

total = (sums["step"] + sums["pitch"] + sums["velocity"] + sums["duration"] + 0.5 * sums["pedal"]) / (STEPS * STREAMS)
total.backward()

size = {"layers": LAYERS, "hidden": HIDDEN, "embedding": EMBEDDING, "head": HEAD}
save(fixtures / "pytorch-network.safetensors", w,
     {"format": "musicrnn", "version": "1", **{name: str(value) for name, value in size.items()}})
oracle = {"window." + name: values.float() for name, values in t.items()}
oracle.update({"loss." + name: value.reshape(1) for name, value in sums.items()})
oracle.update({"gradient." + name: value.grad for name, value in w.items() if not name.startswith("lstm.bias_hh")})
save(fixtures / "pytorch-oracle.safetensors", oracle, {"torch": torch.__version__})
print({name: round(float(value), 4) for name, value in sums.items()})
