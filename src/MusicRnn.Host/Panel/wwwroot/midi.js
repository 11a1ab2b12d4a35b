// The visitor's own MIDI devices, through the browser: each that is chosen plays into the instrument, or is played by it.

import { Kind } from './link.js';

const delay = 20; // milliseconds: the machine's notes come in bunches, and go out at their own moments
const echoWindow = 200;

export class Midi {
  #link;
  #access = null;
  #chosen = new Set(JSON.parse(localStorage.getItem('midi') ?? '[]'));
  #sent = []; // what went out lately, so that a loop through a DAW ends here
  #machineChannel = 1;

  /** Called whenever devices come, go, or are chosen. */
  onChange = () => {};

  constructor(link) {
    this.#link = link;
    link.on(Kind.hello, record => {
      this.#machineChannel = record.getUint8(2);
    });
    link.on(Kind.midi, record => this.#send(record));
  }

  /** Why there is none here, or null. */
  get obstacle() {
    if (!window.isSecureContext) {
      return 'Browsers give MIDI only to pages of this machine or over https.';
    }
    return 'requestMIDIAccess' in navigator
      ? null
      : 'This browser has no Web MIDI: Safari does not, Chrome, Edge and Firefox do. On the machine that plays, devices are heard without it.';
  }

  get isOpen() {
    return this.#access !== null;
  }

  get count() {
    return this.ports().filter(port => port.chosen).length;
  }

  async open() {
    this.#access = await navigator.requestMIDIAccess();
    this.#access.onstatechange = () => this.#listen();
    if (this.#chosen.size === 0) {
      for (const input of this.#access.inputs.values()) {
        this.#chosen.add(`in ${input.name}`);
      }
    }
    this.#listen();
  }

  /** Every port: its key, its name, whether it is an input, and whether it is chosen. */
  ports() {
    if (!this.#access) {
      return [];
    }
    const port = (kind, { name, state }) => ({ key: `${kind} ${name}`, name, isInput: kind === 'in', chosen: this.#chosen.has(`${kind} ${name}`), isThere: state === 'connected' });
    return [...[...this.#access.inputs.values()].map(input => port('in', input)), ...[...this.#access.outputs.values()].map(output => port('out', output))];
  }

  choose(key, chosen) {
    this.#chosen[chosen ? 'add' : 'delete'](key);
    localStorage.setItem('midi', JSON.stringify([...this.#chosen]));
    this.#listen();
  }

  #listen() {
    for (const input of this.#access.inputs.values()) {
      input.onmidimessage = this.#chosen.has(`in ${input.name}`) ? event => this.#receive(event.data) : null;
    }
    this.onChange();
  }

  #receive([status, data1 = 0, data2 = 0]) {
    if (status < 0x80 || status >= 0xf0 || this.#isEcho(status, data1, data2)) {
      return;
    }
    this.#link.play(status, data1, data2);
  }

  #isEcho(status, data1, data2) {
    const since = performance.now() - echoWindow;
    this.#sent = this.#sent.filter(sent => sent.time > since);
    const index = this.#sent.findIndex(sent => sent.status === status && sent.data1 === data1 && sent.data2 === data2);
    if (index < 0) {
      return false;
    }
    this.#sent.splice(index, 1);
    return true;
  }

  #send(record) {
    if (!this.#access) {
      return;
    }
    const [status, data1, data2] = [record.getUint8(8), record.getUint8(9), record.getUint8(10)];
    const message = (status & 0xe0) === 0xc0 ? [status, data1] : [status, data1, data2];
    const time = this.#link.toPage(record.getFloat64(0, true)) + delay;
    for (const output of this.#access.outputs.values()) {
      if (!this.#chosen.has(`out ${output.name}`) || time < performance.now() - 1000) {
        continue;
      }
      const isMachine = (status & 0x0f) === this.#machineChannel;
      output.send(message, isMachine ? Math.max(time, performance.now()) : undefined);
      this.#sent.push({ status, data1, data2, time: performance.now() });
    }
  }
}
