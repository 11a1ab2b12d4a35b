#!/usr/bin/env python3
"""Draws docs/images/sound.png: a phrase as MusicRnn and as FluidSynth render it, waveform over spectrogram, side by side.

Run it in the repository's root, after a release build. Needs fluidsynth, sox and imagemagick, nothing of Python's beyond itself.
"""
import pathlib
import struct
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
FONT = ROOT / "soundfonts" / "FluidR3-Selection.sf2"
HOST = ROOT / "src" / "MusicRnn.Host" / "bin" / "Release" / "net10.0" / "MusicRnn.Host.dll"
PICTURE = ROOT / "docs" / "images" / "sound.png"
MARGIN = 58  # pixels left of sox's spectrograms
TICK = 1 / 960  # seconds: 480 a quarter, 120 quarters a minute


def phrase():
    """A rising arpeggio of the piano under the pedal, and a violin that answers."""
    events = [(0, bytes([0xC0, 0])), (0, bytes([0xC1, 40])), (0, bytes([0xB1, 7, 80])), (0, bytes([0xB0, 64, 127]))]
    for i, key in enumerate([36, 43, 52, 55, 60, 64, 67, 72, 76, 79, 84, 88]):
        events += [(0.15 * i, bytes([0x90, key, 60 + 4 * i])), (0.15 * i + 0.14, bytes([0x80, key, 0]))]
    for start, end, key in [(2.0, 2.5, 79), (2.5, 3.0, 77), (3.0, 4.2, 76)]:
        events += [(start, bytes([0x91, key, 90])), (end, bytes([0x81, key, 0]))]
    events.append((3.2, bytes([0xB0, 64, 0])))
    return sorted(events, key=lambda event: event[0])


def variable(value):
    rest = [value & 0x7F]
    while value := value >> 7:
        rest.append(value & 0x7F | 0x80)
    return bytes(reversed(rest))


def midi(events):
    track, last = b"", 0
    for time, message in events:
        tick = round(time / TICK)
        track += variable(tick - last) + message
        last = tick
    track += b"\x00\xff\x2f\x00"
    return b"MThd" + struct.pack(">IHHH", 6, 0, 1, 480) + b"MTrk" + struct.pack(">I", len(track)) + track


def waveform(samples, width=420, height=100):
    """A picture (PPM) of the least and the greatest sample of each column."""
    white, blue = b"\xff\xff\xff", b"\x2a\x78\xd6"
    loudest = max(map(abs, samples)) or 1
    columns = [samples[len(samples) * x // width:len(samples) * (x + 1) // width] for x in range(width)]
    spans = [(round(height / 2 * (1 - 0.96 * max(c) / loudest)), round(height / 2 * (1 - 0.96 * min(c) / loudest))) for c in columns]
    rows = (b"".join(blue if top <= y <= bottom else white for top, bottom in spans) for y in range(height))
    return f"P6 {width} {height} 255\n".encode() + b"".join(rows)


def run(*command):
    subprocess.run([str(part) for part in command], check=True, stdout=subprocess.DEVNULL)


with tempfile.TemporaryDirectory() as name:
    folder = pathlib.Path(name)
    (folder / "phrase.mid").write_bytes(midi(phrase()))
    run("dotnet", HOST, "render", folder / "phrase.mid", "-o", folder / "here.wav", "--rate", 44100, "--soundfont", FONT,
        "--set", "Sound:Reverb=0", "--set", "Sound:Chorus=0")
    run("fluidsynth", "-ni", "-q", "-F", folder / "there.wav", "-O", "s16", "-r", 44100, "-g", 0.5, "-R", 0, "-C", 0, FONT, folder / "phrase.mid")
    panels = []
    for file, title in [("here", "MusicRnn"), ("there", "FluidSynth 2.3")]:
        cut = folder / f"{file}-cut.wav"
        run("sox", folder / f"{file}.wav", cut, "trim", 0, 4.5, "remix", "1,2")
        run("sox", cut, "-n", "remix", 1, "rate", 16000, "spectrogram", "-x", 420, "-y", 200, "-z", 90, "-t", title, "-o", folder / f"{file}-spectrum.png")
        samples = struct.unpack(f"<{(cut.stat().st_size - 44) // 2}h", cut.read_bytes()[44:44 + (cut.stat().st_size - 44) // 2 * 2])
        (folder / f"{file}-wave.ppm").write_bytes(waveform(samples))
        panel = folder / f"{file}-panel.png"
        run("convert", "-background", "white", "(", folder / f"{file}-wave.ppm", "-gravity", "West", "-splice", f"{MARGIN}x0", ")",
            folder / f"{file}-spectrum.png", "-append", panel)
        panels.append(panel)
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    run("convert", *panels, "+append", "-colors", 128, PICTURE)
print(f"{PICTURE} ({PICTURE.stat().st_size // 1024} KB)")
