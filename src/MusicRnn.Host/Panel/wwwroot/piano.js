// The piano: mouse, touch, pen and computer keys. Near the front edge a key sounds loud, near the back soft; the space bar is the pedal.

const blackKeys = new Set([1, 3, 6, 8, 10]);
const names = ['C', 'C sharp', 'D', 'D sharp', 'E', 'F', 'F sharp', 'G', 'G sharp', 'A', 'A sharp', 'B'];
const lowest = 21;
const highest = 108;

// By place on the keyboard, not by letter, so that every layout plays alike; from the C of the octave up.
const computerKeys = [
  'KeyA', 'KeyW', 'KeyS', 'KeyE', 'KeyD', 'KeyF', 'KeyT', 'KeyG', 'KeyY', 'KeyH', 'KeyU', 'KeyJ',
  'KeyK', 'KeyO', 'KeyL', 'KeyP', 'Semicolon', 'Quote',
];

export const isBlack = pitch => blackKeys.has(pitch % 12);
export const nameOf = pitch => `${names[pitch % 12]} ${Math.floor(pitch / 12) - 1}`;

export class Piano {
  #element;
  #keys = new Map(); // pitch to element
  #lit = new Map(); // pitch to a count for each voice
  #pointers = new Map(); // pointer to pitch
  #typed = new Map(); // computer key to pitch
  #octave = 60; // the pitch of the computer keyboard's first key
  #first = lowest;
  #last = highest;
  #velocity = 84; // of computer keys
  #pedal = false;
  #cursor = null;

  /** Called with (pitch, velocity), (pitch) and (down). */
  onPress = () => {};
  onRelease = () => {};
  onPedal = () => {};

  constructor(element, pedalButton) {
    this.#element = element;
    this.#listen(pedalButton);
    new ResizeObserver(() => this.#fit()).observe(element);
    this.#fit();
  }

  /** Lights a key that sounds, in the voice's colour: "you" or "machine". */
  light(pitch, voice, on) {
    const counts = this.#lit.get(pitch) ?? { you: 0, machine: 0 };
    counts[voice] = on ? counts[voice] + 1 : 0;
    this.#lit.set(pitch, counts);
    this.#paint(pitch);
  }

  darken() {
    for (const pitch of this.#lit.keys()) {
      this.#lit.set(pitch, { you: 0, machine: 0 });
      this.#paint(pitch);
    }
  }

  /** Moves the octaves that are shown, or where all are, those that the computer's keys play. */
  shift(octaves) {
    this.#octave = Math.min(96, Math.max(24, this.#octave + 12 * octaves));
    this.#releaseTyped();
    this.#build(this.#element.clientWidth);
  }

  /** Lets go of everything, as when the window loses its keyboard. */
  releaseAll() {
    for (const pitch of this.#pointers.values()) {
      this.onRelease(pitch);
    }
    this.#pointers.clear();
    this.#releaseTyped();
    this.#setPedal(false);
  }

  #releaseTyped() {
    for (const pitch of this.#typed.values()) {
      this.onRelease(pitch);
    }
    this.#typed.clear();
  }

  #fit() {
    const width = this.#element.clientWidth;
    if (width > 0) {
      this.#build(width);
    }
  }

  // All 88 keys where they are wide enough for a finger or a mouse, else as many octaves as are.
  #build(width) {
    let first = lowest, last = highest;
    if (width < 1000) {
      const octaves = width < 460 ? 1 : width < 620 ? 2 : width < 800 ? 3 : 5;
      first = Math.min(Math.max(this.#octave - 12 * Math.floor((octaves - 1) / 2), 24), 108 - 12 * octaves);
      last = first + 12 * octaves + (octaves === 1 ? 4 : 0);
    }
    const typed = this.#octave;
    if (first === this.#first && last === this.#last && this.#keys.size > 0 && this.#element.dataset.typed === String(typed)) {
      return;
    }
    [this.#first, this.#last] = [first, last];
    this.#element.dataset.typed = typed;
    this.#keys.clear();
    const bed = document.createElement('div');
    bed.className = 'keys';
    const whites = [];
    for (let pitch = first; pitch <= last; pitch++) {
      if (!isBlack(pitch)) {
        whites.push(pitch);
      }
    }
    const letters = new Map(computerKeys.map((code, index) => [this.#octave + index, code]));
    const part = 100 / whites.length;
    whites.forEach((pitch, index) => bed.append(this.#key(pitch, 'white', index * part, part, letters.get(pitch))));
    whites.forEach((pitch, index) => {
      if (pitch + 1 <= last && isBlack(pitch + 1)) {
        const wide = part * 0.58;
        bed.append(this.#key(pitch + 1, 'black', (index + 1) * part - wide / 2 + this.#lean(pitch + 1) * part, wide, letters.get(pitch + 1)));
      }
    });
    this.#element.replaceChildren(bed);
    for (const pitch of this.#lit.keys()) {
      this.#paint(pitch);
    }
  }

  // Black keys do not stand exactly between: each group spreads.
  #lean(pitch) {
    return { 1: -0.08, 3: 0.08, 6: -0.1, 8: 0, 10: 0.1 }[pitch % 12];
  }

  #key(pitch, colour, left, width, code) {
    const key = document.createElement('div');
    key.className = `key ${colour}`;
    key.style.left = `${left}%`;
    key.style.width = `${width}%`;
    key.dataset.pitch = pitch;
    if (code !== undefined) {
      const letter = document.createElement('kbd');
      letter.textContent = { Semicolon: ';', Quote: '’' }[code] ?? code.slice(3);
      key.append(letter);
    } else if (pitch % 12 === 0) {
      const octave = document.createElement('span');
      octave.textContent = `C${Math.floor(pitch / 12) - 1}`;
      key.append(octave);
    }
    this.#keys.set(pitch, key);
    return key;
  }

  #paint(pitch) {
    const counts = this.#lit.get(pitch);
    const key = this.#keys.get(pitch);
    key?.classList.toggle('you', counts.you > 0);
    key?.classList.toggle('machine', counts.machine > 0);
  }

  #at(event) {
    const key = document.elementFromPoint(event.clientX, event.clientY)?.closest('.key');
    if (!key || !this.#element.contains(key)) {
      return null;
    }
    const box = key.getBoundingClientRect();
    const depth = Math.min(1, Math.max(0, (event.clientY - box.top) / box.height));
    return { pitch: Number(key.dataset.pitch), velocity: Math.round(28 + 92 * depth) };
  }

  #listen(pedalButton) {
    const piano = this.#element;
    piano.addEventListener('pointerdown', event => {
      if (event.button !== 0) {
        return;
      }
      event.preventDefault();
      piano.focus({ preventScroll: true });
      event.target.releasePointerCapture?.(event.pointerId);
      this.#slide(event, this.#at(event));
    });
    piano.addEventListener('contextmenu', event => event.preventDefault());
    addEventListener('pointermove', event => {
      if (this.#pointers.has(event.pointerId)) {
        this.#slide(event, this.#at(event));
      }
    });
    for (const end of ['pointerup', 'pointercancel']) {
      addEventListener(end, event => this.#lift(event.pointerId));
    }
    addEventListener('keydown', event => this.#keyDown(event));
    addEventListener('keyup', event => this.#keyUp(event));
    addEventListener('blur', () => this.releaseAll());
    pedalButton.addEventListener('pointerdown', event => {
      pedalButton.setPointerCapture(event.pointerId);
      this.#setPedal(true);
    });
    for (const end of ['pointerup', 'pointercancel']) {
      pedalButton.addEventListener(end, () => this.#setPedal(false));
    }
  }

  // A finger that slides plays the keys that it crosses.
  #slide(event, at) {
    const before = this.#pointers.get(event.pointerId);
    if (at?.pitch === before) {
      return;
    }
    this.#lift(event.pointerId);
    if (at) {
      this.#pointers.set(event.pointerId, at.pitch);
      this.onPress(at.pitch, at.velocity);
    } else if (before !== undefined || event.type === 'pointerdown') {
      this.#pointers.set(event.pointerId, undefined);
    }
  }

  #lift(pointer) {
    const pitch = this.#pointers.get(pointer);
    this.#pointers.delete(pointer);
    if (pitch !== undefined && ![...this.#pointers.values()].includes(pitch)) {
      this.onRelease(pitch);
    }
  }

  #keyDown(event) {
    const target = event.target;
    if (event.ctrlKey || event.metaKey || event.altKey || target.closest('input, select, textarea, [contenteditable]')) {
      return;
    }
    if (event.code === 'Space') {
      if (target.closest('button, summary, a, [role=radio]')) {
        return; // there it pushes what has the focus
      }
      event.preventDefault();
      this.#setPedal(true);
      return;
    }
    if (target === this.#element && ['ArrowLeft', 'ArrowRight', 'Enter'].includes(event.key)) {
      event.preventDefault();
      this.#walk(event);
      return;
    }
    if (event.repeat) {
      return;
    }
    switch (event.code) {
      case 'KeyZ': this.shift(-1); return;
      case 'KeyX': this.shift(1); return;
      case 'KeyC': this.#velocity = Math.max(20, this.#velocity - 16); return;
      case 'KeyV': this.#velocity = Math.min(127, this.#velocity + 16); return;
    }
    const index = computerKeys.indexOf(event.code);
    if (index >= 0 && !this.#typed.has(event.code)) {
      const pitch = this.#octave + index;
      if (pitch <= 127) {
        this.#typed.set(event.code, pitch);
        this.onPress(pitch, this.#velocity);
      }
    }
  }

  #keyUp(event) {
    if (event.code === 'Space') {
      this.#setPedal(false);
      return;
    }
    if (event.key === 'Enter' && this.#cursor !== null) {
      this.onRelease(this.#cursor);
    }
    const pitch = this.#typed.get(event.code);
    if (pitch !== undefined) {
      this.#typed.delete(event.code);
      this.onRelease(pitch);
    }
  }

  // By arrows and Enter, for whoever does not see the keys: the one that would sound is named.
  #walk(event) {
    if (event.key === 'Enter') {
      if (!event.repeat && this.#cursor !== null) {
        this.onPress(this.#cursor, this.#velocity);
      }
      return;
    }
    this.#keys.get(this.#cursor)?.classList.remove('cursor');
    const step = event.key === 'ArrowLeft' ? -1 : 1;
    this.#cursor = Math.min(this.#last, Math.max(this.#first, (this.#cursor ?? 60 - step) + step));
    this.#keys.get(this.#cursor)?.classList.add('cursor');
    this.#element.setAttribute('aria-valuetext', nameOf(this.#cursor));
    this.#element.setAttribute('aria-valuenow', this.#cursor);
  }

  #setPedal(down) {
    if (down !== this.#pedal) {
      this.#pedal = down;
      this.onPedal(down);
    }
  }
}
