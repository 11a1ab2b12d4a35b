// Everything that is turned, chosen and pushed: a knob for each number, choices for what has names, buttons for what acts at once.

import { Knob } from './knobs.js';
import { Kind } from './link.js';
import { toNormalised, toUnit } from './parameters.js';

const upFront = ['temperature', 'topP', 'patience', 'length', 'timeScale', 'velocityScale'];
const further = ['minimumNotes', 'maxEntrySeconds', 'maxNoteSeconds', 'turnController'];
const modeNames = { CallAndResponse: 'Call and response', Endless: 'Endless', Listen: 'Listen' };
const ruleNames = { Model: 'when the model expects no more', Silence: 'after a silence', Pedal: 'at a pedal' };
const groups = ['Pianos', 'Chromatic percussion', 'Organs', 'Guitars', 'Basses', 'Strings', 'Ensembles', 'Brass', 'Reeds', 'Pipes', 'Synth leads', 'Synth pads', 'Effects', 'Ethnic', 'Percussive', 'Sound effects'];

export class Controls {
  #link;
  #rows = new Map(); // id to row
  #byIndex = [];
  #knobs = new Map(); // index to knob
  #learning = null;

  /** Called with a sentence that the visitor should know. */
  onTell = () => {};

  constructor(link) {
    this.#link = link;
    link.on(Kind.parameters, record => {
      for (let at = 0; at < record.byteLength; at += 5) {
        this.#show(record.getUint8(at), record.getFloat32(at + 1, true));
      }
    });
    link.on(Kind.told, () => this.#learn(null));
    for (const button of document.querySelectorAll('[data-push]')) {
      button.addEventListener('click', () => this.push(button.dataset.push));
    }
    document.querySelector('#instrument').addEventListener('change', event => this.#set('program', toNormalised(this.#rows.get('program'), Number(event.target.value))));
    document.querySelector('#rule').addEventListener('change', event => this.#set('rule', toNormalised(this.#rows.get('rule'), Number(event.target.value))));
    document.querySelector('#model').addEventListener('change', event => this.#choose(event.target.value));
    for (const id of ['playOn', 'followProgram']) {
      document.querySelector(`#${id}`).addEventListener('click', event => this.#set(id, event.currentTarget.getAttribute('aria-checked') === 'true' ? 0 : 1));
    }
    addEventListener('keydown', event => event.key === 'Escape' && this.#learn(null));
  }

  /** How a parameter stands, 0-1. */
  valueOf(id) {
    return this.#rows.get(id)?.value;
  }

  push(id) {
    const row = this.#rows.get(id);
    if (row) {
      this.#link.push(row.index);
    }
  }

  /** Takes up the instrument's state: every parameter, the instruments, the models. */
  take(state) {
    const first = this.#rows.size === 0;
    for (const row of state.parameters) {
      this.#rows.set(row.id, row);
      this.#byIndex[row.index] = row;
    }
    if (first) {
      this.#build(document.querySelector('#knobs'), upFront);
      this.#build(document.querySelector('#further-knobs'), further);
      this.#buildModes();
      this.#buildInstruments(state.instruments);
      const rule = document.querySelector('#rule');
      rule.replaceChildren(...this.#rows.get('rule').labels.map((label, index) => new Option(ruleNames[label] ?? label, index)));
    } else {
      for (const knob of this.#knobs.values()) {
        knob.describe(this.#byIndex[knob.row.index]);
      }
    }
    const model = document.querySelector('#model');
    const choices = [...new Set([...state.model.choices, state.model.name])];
    model.replaceChildren(...choices.map(choice => new Option(choice.replace(/\.safetensors$/, ''), choice)));
    model.value = state.model.name;
    document.querySelector('#model-size').textContent = `${state.model.layers} × ${state.model.hidden} LSTM, ${(state.model.weights / 1e6).toFixed(1)} million weights`;
    for (const row of state.parameters) {
      this.#show(row.index, row.value);
    }
  }

  #build(place, ids) {
    for (const id of ids) {
      const row = this.#rows.get(id);
      const knob = new Knob(row);
      knob.onTurn = value => {
        row.value = value;
        this.#link.set(row.index, value);
      };
      knob.onLearn = () => this.#learn(this.#learning === row.index ? null : row.index);
      this.#knobs.set(row.index, knob);
      place.append(knob.element);
    }
  }

  #buildModes() {
    const place = document.querySelector('#modes');
    const row = this.#rows.get('mode');
    place.replaceChildren(...row.labels.map((label, index) => {
      const choice = document.createElement('button');
      choice.type = 'button';
      choice.setAttribute('role', 'radio');
      choice.textContent = modeNames[label] ?? label;
      choice.addEventListener('click', () => this.#set('mode', toNormalised(row, index)));
      choice.addEventListener('keydown', event => {
        const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
        if (step) {
          event.preventDefault();
          const next = place.children[(index + step + place.children.length) % place.children.length];
          next.focus();
          next.click();
        }
      });
      return choice;
    }));
  }

  #buildInstruments(names) {
    const select = document.querySelector('#instrument');
    select.replaceChildren(...groups.map((label, group) => {
      const options = document.createElement('optgroup');
      options.label = label;
      options.append(...names.slice(group * 8, group * 8 + 8).map((name, index) => new Option(name, group * 8 + index)));
      return options;
    }));
  }

  #set(id, value) {
    const row = this.#rows.get(id);
    this.#link.set(row.index, value);
    this.#show(row.index, value);
  }

  #show(index, value) {
    const row = this.#byIndex[index];
    if (!row) {
      return;
    }
    row.value = value;
    const knob = this.#knobs.get(index);
    if (knob) {
      knob.value = value;
      return;
    }
    const unit = Math.round(toUnit(row, value));
    if (row.id === 'mode') {
      [...document.querySelector('#modes').children].forEach((choice, place) => {
        choice.setAttribute('aria-checked', place === unit);
        choice.tabIndex = place === unit ? 0 : -1;
      });
    } else if (row.id === 'program') {
      document.querySelector('#instrument').value = unit;
    } else if (row.id === 'rule') {
      document.querySelector('#rule').value = unit;
    } else if (row.id === 'playOn' || row.id === 'followProgram') {
      document.querySelector(`#${row.id}`).setAttribute('aria-checked', value >= 0.5);
    }
  }

  #learn(index) {
    if (this.#learning === null && index === null) {
      return;
    }
    this.#learning = index;
    this.#link.learn(index);
    for (const [other, knob] of this.#knobs) {
      knob.waiting = other === index;
    }
  }

  async #choose(name) {
    const answer = await fetch(`/model/${encodeURIComponent(name)}`, { method: 'POST' });
    this.onTell(await answer.text());
  }
}
