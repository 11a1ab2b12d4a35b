// A knob: drag it up or down, turn the wheel over it, or use the arrow keys; a double click sets it back. It moves when the hardware's does.

import { format, speak } from './parameters.js';

const whole = 150; // pixels from one end to the other
const from = 135; // degrees, clockwise from the right
const sweep = 270;
const radius = 29;
const svg = 'http://www.w3.org/2000/svg';

const point = (angle, distance) => {
  const turn = (angle * Math.PI) / 180;
  return `${(36 + distance * Math.cos(turn)).toFixed(2)} ${(36 + distance * Math.sin(turn)).toFixed(2)}`;
};

const arc = (begin, end) =>
  `M ${point(begin, radius)} A ${radius} ${radius} 0 ${end - begin > 180 ? 1 : 0} 1 ${point(end, radius)}`;

export class Knob {
  #row;
  #value = 0;
  #dial;
  #fill;
  #mark;
  #text;
  #controller;

  /** Called with the new value, 0-1. */
  onTurn = () => {};

  /** Called when the next controller that moves is to turn it. */
  onLearn = () => {};

  constructor(row) {
    this.element = document.createElement('div');
    this.element.className = 'knob';
    this.#dial = document.createElement('div');
    this.#dial.className = 'dial';
    this.#dial.tabIndex = 0;
    this.#dial.setAttribute('role', 'slider');
    this.#dial.setAttribute('aria-valuemin', 0);
    this.#dial.setAttribute('aria-valuemax', 100);
    const drawing = document.createElementNS(svg, 'svg');
    drawing.setAttribute('viewBox', '0 0 72 72');
    drawing.setAttribute('aria-hidden', 'true');
    const path = (name, d) => {
      const element = document.createElementNS(svg, 'path');
      element.setAttribute('class', name);
      element.setAttribute('d', d);
      drawing.append(element);
      return element;
    };
    path('track', arc(from, from + sweep));
    this.#fill = path('fill', '');
    this.#mark = document.createElementNS(svg, 'circle');
    this.#mark.setAttribute('class', 'mark');
    this.#mark.setAttribute('r', '4.5');
    drawing.append(this.#mark);
    this.#text = document.createElement('span');
    this.#text.className = 'amount';
    this.#dial.append(drawing, this.#text);
    const name = document.createElement('span');
    name.className = 'name';
    this.#controller = document.createElement('button');
    this.#controller.className = 'controller';
    this.#controller.type = 'button';
    this.#controller.addEventListener('click', () => this.onLearn());
    this.element.append(this.#dial, name, this.#controller);
    this.describe(row);
    this.#listen();
  }

  get row() {
    return this.#row;
  }

  /** Takes up what the parameter is: its range may hang on another. */
  describe(row) {
    this.#row = row;
    this.element.querySelector('.name').textContent = row.name;
    this.#dial.setAttribute('aria-label', row.name);
    this.waiting = false;
    this.value = row.value;
  }

  /** Whether it waits for a controller to move. */
  set waiting(waits) {
    this.element.classList.toggle('waiting', waits);
    const { controller, name } = this.#row;
    this.#controller.textContent = waits ? 'turn it now' : controller === undefined ? 'learn' : `CC ${controller}`;
    this.#controller.setAttribute('aria-label', waits ? `${name} waits for a controller; press to give up` : `Let a controller turn ${name}${controller === undefined ? '' : `; now CC ${controller}`}`);
  }

  get value() {
    return this.#value;
  }

  set value(value) {
    this.#value = value;
    const angle = from + sweep * value;
    this.#fill.setAttribute('d', value > 0.004 ? arc(from, angle) : '');
    const [x, y] = point(angle, radius).split(' ');
    this.#mark.setAttribute('cx', x);
    this.#mark.setAttribute('cy', y);
    this.#text.textContent = format(this.#row, value);
    this.#text.classList.toggle('long', this.#text.textContent.length > 4);
    this.#dial.setAttribute('aria-valuenow', Math.round(value * 100));
    this.#dial.setAttribute('aria-valuetext', speak(this.#row, value));
  }

  #turn(value) {
    const inside = Math.min(1, Math.max(0, value));
    if (inside !== this.#value) {
      this.value = inside;
      this.onTurn(inside);
    }
  }

  #listen() {
    const dial = this.#dial;
    let start = null;
    dial.addEventListener('pointerdown', event => {
      dial.setPointerCapture(event.pointerId);
      start = { x: event.clientX, y: event.clientY, value: this.#value };
      dial.classList.add('held');
    });
    dial.addEventListener('pointermove', event => {
      if (start) {
        const moved = start.y - event.clientY + (event.clientX - start.x) * 0.5;
        this.#turn(start.value + (moved / whole) * (event.shiftKey ? 0.2 : 1));
      }
    });
    for (const end of ['pointerup', 'pointercancel']) {
      dial.addEventListener(end, () => {
        start = null;
        dial.classList.remove('held');
      });
    }
    dial.addEventListener('dblclick', () => this.#turn(this.#row.default));
    dial.addEventListener('wheel', event => {
      event.preventDefault();
      this.#turn(this.#value - Math.sign(event.deltaY) * this.#step);
    }, { passive: false });
    dial.addEventListener('keydown', event => {
      const to = {
        ArrowUp: this.#value + this.#step, ArrowRight: this.#value + this.#step,
        ArrowDown: this.#value - this.#step, ArrowLeft: this.#value - this.#step,
        PageUp: this.#value + 0.1, PageDown: this.#value - 0.1,
        Home: 0, End: 1, Backspace: this.#row.default, Delete: this.#row.default,
      }[event.key];
      if (to !== undefined && !event.ctrlKey && !event.metaKey) {
        event.preventDefault();
        this.#turn(to);
      }
    });
  }

  get #step() {
    const { curve, from: low, to: high } = this.#row;
    return curve === 'stepped' ? 1 / Math.abs(high - low) : 1 / 100;
  }
}
