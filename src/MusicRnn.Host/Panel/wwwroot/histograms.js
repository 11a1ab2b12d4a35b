// You against the machine: how high, how fast, how long and how loud.

import { binOf } from './expectation.js';

const kinds = {
  pitch: { bins: 44, of: note => (note.pitch - 21) >> 1, ticks: [2, 3, 4, 5, 6, 7].map(octave => [(12 * (octave + 1) - 21) / 2, `C${octave}`]) },
  step: { bins: 40, of: note => binOf(note.step) >> 1, ticks: [0.1, 0.5, 2, 10].map(seconds => [binOf(seconds) / 2, `${seconds} s`]) },
  duration: { bins: 40, of: note => binOf(note.duration) >> 1, ticks: [0.1, 0.5, 2, 10].map(seconds => [binOf(seconds) / 2, `${seconds} s`]) },
  velocity: { bins: 32, of: note => note.velocity >> 2, ticks: [32, 64, 96].map(velocity => [velocity / 4, String(velocity)]) },
};

export class Histograms {
  #counts = {};
  #canvases;
  #last = {};
  #held = new Map();
  #changed = true;

  constructor(place) {
    this.#canvases = new Map([...place.querySelectorAll('canvas')].map(canvas => [canvas.dataset.kind, canvas]));
    this.clear();
    setInterval(() => this.#changed && this.draw(), 400);
    const again = () => {
      this.#changed = true;
    };
    new ResizeObserver(again).observe(place);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', again);
  }

  clear() {
    for (const [kind, { bins }] of Object.entries(kinds)) {
      this.#counts[kind] = { you: new Uint32Array(bins), machine: new Uint32Array(bins) };
    }
    this.#last = {};
    this.#held.clear();
    this.#changed = true;
  }

  press(voice, time, pitch, velocity) {
    this.#held.set(`${voice}${pitch}`, time);
    this.#count('pitch', voice, { pitch });
    this.#count('velocity', voice, { velocity });
    if (this.#last[voice] !== undefined) {
      this.#count('step', voice, { step: time - this.#last[voice] });
    }
    this.#last[voice] = time;
  }

  release(voice, time, pitch) {
    const onset = this.#held.get(`${voice}${pitch}`);
    if (onset !== undefined) {
      this.#held.delete(`${voice}${pitch}`);
      this.#count('duration', voice, { duration: time - onset });
    }
  }

  #count(kind, voice, note) {
    const { bins, of } = kinds[kind];
    this.#counts[kind][voice][Math.min(bins - 1, Math.max(0, of(note)))]++;
    this.#changed = true;
  }

  draw() {
    this.#changed = false;
    const style = getComputedStyle(document.documentElement);
    const colour = name => style.getPropertyValue(`--${name}`).trim();
    const ratio = Math.min(2, devicePixelRatio);
    for (const [kind, canvas] of this.#canvases) {
      const { bins, ticks } = kinds[kind];
      const [width, height] = [canvas.clientWidth, canvas.clientHeight];
      canvas.width = width * ratio;
      canvas.height = height * ratio;
      const context = canvas.getContext('2d');
      context.scale(ratio, ratio);
      const floor = height - 18;
      context.fillStyle = colour('line-strong');
      context.fillRect(0, floor, width, 1);
      context.fillStyle = colour('muted');
      context.font = '12px system-ui, sans-serif';
      context.textAlign = 'center';
      for (const [bin, label] of ticks) {
        context.fillText(label, Math.min(width - 14, Math.max(14, (bin / bins) * width)), height - 3);
      }
      for (const voice of ['you', 'machine']) {
        this.#outline(context, this.#counts[kind][voice], width, floor, colour(voice));
      }
    }
  }

  #outline(context, counts, width, floor, colour) {
    const sum = counts.reduce((a, b) => a + b, 0);
    if (sum === 0) {
      return;
    }
    const most = Math.max(...counts);
    context.beginPath();
    context.moveTo(0, floor);
    counts.forEach((count, bin) => {
      const y = floor - (count / most) * (floor - 6);
      context.lineTo((bin / counts.length) * width, y);
      context.lineTo(((bin + 1) / counts.length) * width, y);
    });
    context.lineTo(width, floor);
    context.globalAlpha = 0.2;
    context.fillStyle = colour;
    context.fill();
    context.globalAlpha = 1;
    context.strokeStyle = colour;
    context.lineWidth = 1.5;
    context.stroke();
  }
}
