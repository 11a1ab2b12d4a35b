// The piano roll: what was played moves to the left from the line that is now; to its right stands what is to come.

import { isBlack } from './piano.js';

const lowest = 21;
const highest = 108;
const fewestRows = 49; // four octaves
const roundBelow = 600; // notes in sight that are few enough for round corners
const forget = 60; // seconds

export class Roll {
  #canvas;
  #context;
  #now;
  #notes = []; // by onset
  #first = 0; // index of the first that may be in sight
  #sounding = new Map(); // voice and pitch to note
  #ghosts = [];
  #pedals = { you: [], machine: [] };
  #turns = [];
  #turn = NaN;
  #expectation = null;
  #colours = {};
  #low = 40;
  #high = 88;
  #width = 0;
  #height = 0;
  #ratio = 1;

  /** How long drawing took at most since it was last asked for, in milliseconds. */
  longestDraw = 0;

  /**
   * @param canvas where it is drawn
   * @param now gives the instrument's time, in seconds
   */
  constructor(canvas, now) {
    this.#canvas = canvas;
    this.#context = canvas.getContext('2d', { alpha: false });
    this.#now = now;
    this.#readColours();
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#readColours());
    new ResizeObserver(() => this.#fit()).observe(canvas);
    const frame = () => {
      const begin = performance.now();
      this.draw();
      this.longestDraw = Math.max(this.longestDraw, performance.now() - begin);
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  }

  get notes() {
    return this.#notes;
  }

  /** When a voice last struck a key; NaN where it did not yet. */
  lastOnset(voice) {
    return this.#notes.findLast(note => note.voice === voice)?.onset ?? NaN;
  }

  press(voice, time, pitch, velocity) {
    this.release(voice, time, pitch);
    const note = { voice, onset: time, end: Infinity, pitch, velocity };
    this.#notes.push(note);
    this.#sounding.set(`${voice}${pitch}`, note);
    if (voice === 'machine') {
      this.#ghosts = this.#ghosts.filter(ghost => ghost.pitch !== pitch || ghost.onset > time + 0.001);
    }
    if (this.#notes.length > 1000 && this.#first > 500 && this.#notes[this.#first].onset < time - forget) {
      this.#notes.splice(0, this.#first);
      this.#first = 0;
    }
  }

  release(voice, time, pitch) {
    const note = this.#sounding.get(`${voice}${pitch}`);
    if (note) {
      note.end = time;
      this.#sounding.delete(`${voice}${pitch}`);
    }
  }

  pedal(voice, time, down) {
    const pedals = this.#pedals[voice];
    const last = pedals.at(-1);
    if (down && !(last?.end === Infinity)) {
      pedals.push({ begin: time, end: Infinity });
    } else if (!down && last?.end === Infinity) {
      last.end = time;
    }
    if (pedals.length > 200) {
      pedals.shift();
    }
  }

  /** A note of the machine that is decided, and not heard yet. */
  foresee(time, pitch, velocity) {
    this.#ghosts.push({ onset: time, end: Infinity, pitch, velocity });
  }

  foreseeEnd(time, pitch) {
    const ghost = this.#ghosts.findLast(other => other.pitch === pitch && other.end === Infinity);
    if (ghost) {
      ghost.end = time;
    }
  }

  /** What is decided from a time on is taken back. */
  withdraw(time) {
    this.#ghosts = this.#ghosts.filter(ghost => ghost.onset < time);
  }

  /** When the turn comes as things stand; NaN where nobody knows. */
  set turn(time) {
    this.#turn = time;
  }

  /** The turn has passed to a voice. */
  pass(voice, time) {
    this.#turns.push({ voice, time });
    if (this.#turns.length > 100) {
      this.#turns.shift();
    }
  }

  /** What the model expects: { from, steps: density by time, pitches: [88] }, or null. */
  set expectation(value) {
    this.#expectation = value;
  }

  clear() {
    this.#notes = [];
    this.#first = 0;
    this.#sounding.clear();
    this.#ghosts = [];
    this.#pedals = { you: [], machine: [] };
    this.#turns = [];
    this.#expectation = null;
    this.#turn = NaN;
  }

  #readColours() {
    const style = getComputedStyle(document.documentElement);
    for (const name of ['ground', 'surface', 'shade', 'line', 'line-strong', 'ink', 'muted', 'you', 'machine']) {
      this.#colours[name] = style.getPropertyValue(`--${name}`).trim();
    }
  }

  #fit() {
    this.#ratio = Math.min(2, devicePixelRatio);
    this.#width = this.#canvas.clientWidth;
    this.#height = this.#canvas.clientHeight;
    this.#canvas.width = Math.round(this.#width * this.#ratio);
    this.#canvas.height = Math.round(this.#height * this.#ratio);
    this.draw(); // a new size has emptied it
  }

  draw() {
    if (this.#width === 0 || this.#height === 0) {
      return;
    }
    const context = this.#context;
    const colours = this.#colours;
    const now = this.#now();
    const future = Math.max(70, Math.min(260, this.#width * 0.2));
    const view = {
      now,
      x: this.#width - future,
      second: this.#width < 600 ? 56 : 92,
      bottom: this.#height - 26,
    };
    view.at = time => view.x + (time - now) * view.second;
    const since = now - view.x / view.second;
    while (this.#first < this.#notes.length && this.#notes[this.#first].end < since) {
      this.#first++;
    }
    this.#range(since);
    view.row = (view.bottom - 8) / (this.#high - this.#low + 1);
    view.y = pitch => 8 + (this.#high - pitch) * view.row;

    context.setTransform(this.#ratio, 0, 0, this.#ratio, 0, 0);
    context.globalAlpha = 1;
    context.fillStyle = colours.surface;
    context.fillRect(0, 0, this.#width, this.#height);
    this.#drawRows(view);
    this.#drawSeconds(view, since);
    this.#drawPedals(view);
    this.#drawFuture(view);
    this.#drawExpectation(view, future);
    this.#drawOctaves(view);
    context.save();
    context.beginPath();
    context.rect(0, 0, this.#width, view.bottom);
    context.clip();
    this.#drawNotes(view);
    this.#drawGhosts(view);
    context.restore();
    this.#drawTurns(view);

    context.globalAlpha = 1;
    context.fillStyle = colours.ink;
    context.fillRect(view.x - 0.75, 0, 1.5, this.#height);
  }

  // The keys in sight: those played and a little more; it moves gently.
  #range(since) {
    let low = 60, high = 72;
    for (let i = this.#first; i < this.#notes.length; i++) {
      const { pitch, end } = this.#notes[i];
      if (end >= since) {
        low = Math.min(low, pitch);
        high = Math.max(high, pitch);
      }
    }
    low -= 3;
    high += 3;
    const missing = Math.max(0, fewestRows - (high - low + 1));
    low = Math.max(lowest - 2, low - Math.ceil(missing / 2));
    high = Math.min(highest + 2, Math.max(high + Math.floor(missing / 2), low + fewestRows - 1));
    const ease = (from, to) => (Math.abs(to - from) < 0.02 ? to : from + (to - from) * 0.12);
    this.#low = ease(this.#low, low);
    this.#high = ease(this.#high, high);
  }

  #drawRows(view) {
    const context = this.#context;
    for (let pitch = Math.ceil(this.#low); pitch <= this.#high; pitch++) {
      const y = view.y(pitch);
      if (isBlack(pitch)) {
        context.fillStyle = this.#colours.shade;
        context.fillRect(0, y, this.#width, view.row);
      }
      if (pitch % 12 === 0) {
        context.fillStyle = this.#colours['line-strong'];
        context.fillRect(0, y + view.row, this.#width, 1);
      }
    }
  }

  #drawOctaves(view) {
    const context = this.#context;
    context.font = '12px system-ui, sans-serif';
    context.textBaseline = 'alphabetic';
    context.textAlign = 'left';
    context.fillStyle = this.#colours.muted;
    for (let pitch = 24; pitch <= this.#high; pitch += 12) {
      const y = view.y(pitch) + view.row - 3;
      if (y > 36 && y < view.bottom) {
        context.fillText(`C${pitch / 12 - 1}`, 10, y);
      }
    }
  }

  #drawSeconds(view, since) {
    this.#context.fillStyle = this.#colours.line;
    for (let second = Math.ceil(since); view.at(second) < this.#width; second++) {
      this.#context.fillRect(Math.round(view.at(second)), 0, 1, view.bottom);
    }
  }

  #drawPedals(view) {
    const context = this.#context;
    for (const [index, voice] of ['you', 'machine'].entries()) {
      context.fillStyle = this.#colours[voice];
      for (const { begin, end } of this.#pedals[voice]) {
        const x = view.at(begin);
        const width = view.at(Math.min(end, view.now)) - x;
        if (x + width > 0 && width > 0) {
          context.globalAlpha = 0.06;
          context.fillRect(x, 0, width, view.bottom);
          context.globalAlpha = 0.55;
          context.fillRect(x, view.bottom + 6 + index * 8, width, 5);
        }
      }
    }
    context.globalAlpha = 1;
  }

  // What is to come stands on the ground's own colour.
  #drawFuture(view) {
    this.#context.globalAlpha = 0.55;
    this.#context.fillStyle = this.#colours.ground;
    this.#context.fillRect(view.x, 0, this.#width - view.x, this.#height);
    this.#context.globalAlpha = 1;
  }

  #drawExpectation(view, future) {
    const expectation = this.#expectation;
    if (!expectation) {
      return;
    }
    const context = this.#context;
    context.fillStyle = this.#colours.machine;
    const most = Math.max(...expectation.pitches, 0.02);
    context.globalAlpha = 0.3;
    for (let i = 0; i < expectation.pitches.length; i++) {
      const length = (expectation.pitches[i] / most) * future * 0.62;
      const y = view.y(lowest + i);
      if (length > 1 && y < view.bottom - 1) {
        context.fillRect(this.#width - length, y + 0.5, length, Math.max(1, view.row - 1));
      }
    }

    // When: the likeliness of each moment, from now on; what has passed cannot come any more.
    const tall = 54;
    context.beginPath();
    context.moveTo(view.x, view.bottom);
    let last = view.x;
    for (const { begin, end, density } of expectation.steps) {
      const from = Math.max(view.x, view.at(expectation.from + begin));
      const to = Math.min(this.#width, view.at(expectation.from + end));
      if (to <= from) {
        continue;
      }
      const y = view.bottom - density * tall;
      context.lineTo(from, y);
      context.lineTo(to, y);
      last = to;
    }
    context.lineTo(last, view.bottom);
    context.globalAlpha = 0.28;
    context.fill();
    context.globalAlpha = 1;
  }

  #drawNotes(view) {
    const context = this.#context;
    const round = this.#notes.length - this.#first < roundBelow;
    const height = Math.max(2, view.row - 1);
    for (let i = this.#first; i < this.#notes.length; i++) {
      const note = this.#notes[i];
      const x = view.at(note.onset);
      const right = Math.min(view.x, view.at(Math.min(note.end, view.now)));
      const width = Math.max(2.5, right - x - 0.5);
      if (x + width < 0 || x > view.x) {
        continue;
      }
      context.fillStyle = this.#colours[note.voice];
      context.globalAlpha = 0.35 + 0.65 * Math.sqrt(Math.min(1, Math.max(0, (note.velocity - 10) / 90)));
      if (round) {
        context.beginPath();
        context.roundRect(x, view.y(note.pitch) + 0.5, width, height, Math.min(3, height / 2));
        context.fill();
        if (note.end === Infinity) {
          context.globalAlpha = 1;
          context.fillRect(view.x - 4, view.y(note.pitch) + 0.5, 4, height);
        }
      } else {
        context.fillRect(x, view.y(note.pitch) + 0.5, width, height);
      }
    }
    context.globalAlpha = 1;
  }

  #drawGhosts(view) {
    const context = this.#context;
    this.#ghosts = this.#ghosts.filter(ghost => ghost.onset > view.now - 0.05);
    context.strokeStyle = this.#colours.machine;
    context.fillStyle = this.#colours.machine;
    context.lineWidth = 1.25;
    const height = Math.max(2, view.row - 1.5);
    for (const ghost of this.#ghosts) {
      const x = Math.max(view.x + 2, view.at(ghost.onset));
      const width = Math.max(6, view.at(Math.min(ghost.end, ghost.onset + 0.35)) - x);
      context.beginPath();
      context.roundRect(x, view.y(ghost.pitch) + 0.75, width, height, Math.min(3, height / 2));
      context.globalAlpha = 0.18;
      context.fill();
      context.globalAlpha = 0.9;
      context.stroke();
    }
    context.globalAlpha = 1;
  }

  #drawTurns(view) {
    const context = this.#context;
    context.lineWidth = 1.5;
    for (const { voice, time } of this.#turns) {
      this.#line(view, time, voice, []);
    }
    if (this.#turn > view.now) {
      this.#line(view, this.#turn, 'machine', [5, 5]);
      context.fillStyle = this.#colours.machine;
      context.font = '600 12px system-ui, sans-serif';
      context.textAlign = 'left';
      const x = Math.min(view.at(this.#turn) + 6, this.#width - 60);
      context.fillText('its turn', x, 20);
    }
  }

  #line(view, time, voice, dash) {
    const x = view.at(time);
    if (x < 0 || x > this.#width) {
      return;
    }
    const context = this.#context;
    context.strokeStyle = this.#colours[voice];
    context.setLineDash(dash);
    context.beginPath();
    context.moveTo(x, 0);
    context.lineTo(x, view.bottom);
    context.stroke();
    context.setLineDash([]);
  }
}
