// What the model expects next: for the roll's right side, and in a few words.

import { Kind } from './link.js';
import { nameOf } from './piano.js';

const bins = 80;
const lowest = 21;
const frame = 0.01; // seconds

// Frame by frame to a quarter of a second, then by about 8.25 %: the grid that the model sees time on.
const edges = [0];
for (let bin = 1; bin <= bins; bin++) {
  edges.push(bin <= 25 ? bin : edges[bin - 1] + Math.max(1, Math.round(edges[bin - 1] * 0.0825)));
}

export const binOf = seconds => {
  const frames = Math.round(seconds / frame);
  let bin = 0;
  while (bin < bins - 1 && edges[bin + 1] <= frames) {
    bin++;
  }
  return bin;
};

export const secondsOf = bin => edges[bin] * frame;

export class Expectation {
  /** Called with { from, steps, pitches } for the roll. */
  onChange = () => {};

  constructor(link, words) {
    link.on(Kind.expectation, record => {
      const from = record.getFloat64(0, true);
      const chances = Array.from({ length: bins }, (_, bin) => record.getFloat32(8 + 4 * bin, true));
      const pitches = Array.from({ length: 88 }, (_, key) => record.getFloat32(8 + 4 * (bins + key), true));
      const density = chances.map((chance, bin) => chance / (edges[bin + 1] - edges[bin]));
      const most = Math.max(...density.slice(1), 1e-6);
      const steps = density.map((value, bin) => ({
        begin: Math.max(0, edges[bin] - 0.5) * frame, end: (edges[bin + 1] - 0.5) * frame, density: Math.min(1, value / most),
      }));
      this.onChange({ from, steps, pitches });
      words.textContent = this.#say(chances, pitches);
    });
  }

  #say(chances, pitches) {
    const likely = pitches.map((chance, key) => ({ chance, name: nameOf(lowest + key) })).sort((a, b) => b.chance - a.chance).slice(0, 3);
    let sum = 0;
    const middle = chances.findIndex(chance => (sum += chance) >= 0.5);
    const keys = likely.map(({ name, chance }) => `${name.replace(' sharp', '♯').replace(' ', '')} (${Math.round(chance * 100)} %)`).join(', ');
    return `It expects ${keys}, ${middle === 0 ? 'in the same chord' : `within ${secondsOf(middle).toFixed(2)} s`} as likely as not.`;
  }
}
