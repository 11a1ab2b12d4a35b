// How the instrument fares: what it is connected to, how quick it is, and what has gone wrong.

import { Kind } from './link.js';

const decoder = new TextDecoder();
const roles = { listens: 'Listens', plays: 'Plays', sounds: 'Sounds' };
const megabytes = bytes => `${(bytes / 1e6).toFixed(0)} MB`;

export class Health {
  #devices;
  #numbers;

  constructor(link, devices, numbers) {
    this.#devices = devices;
    this.#numbers = numbers;
    link.on(Kind.health, record => {
      this.#show(JSON.parse(decoder.decode(new Uint8Array(record.buffer, record.byteOffset, record.byteLength))));
    });
  }

  #show(health) {
    this.#devices.replaceChildren(...(health.devices ?? []).map(device => {
      const item = document.createElement('li');
      item.className = device.state;
      const role = document.createElement('strong');
      role.textContent = roles[device.role];
      const text = document.createElement('span');
      text.textContent = device.text.startsWith(device.name) ? device.text : `${device.name}: ${device.text}`;
      item.append(role, text);
      return item;
    }));
    const rows = [
      ['A note takes the network', `${health.microsecondsANote} µs`],
      ['Decided before it sounds', `${health.decisionToSoundMilliseconds} ms`],
      ['Sound card adds', `${health.audioLatencyMilliseconds ?? 0} ms`],
      ['Late events', health.lateEvents ?? 0, true],
      ['Dropped on the way in', health.inputDrops ?? 0, true],
      ['Overfull outputs', health.overflows ?? 0, true],
      ['Missing from the take', health.journalDrops ?? 0, true],
      ['Interrupted sound (xruns)', health.xruns ?? 0, true],
      ['Devices lost', health.deviceLosses, true],
      ['Pages open, dropped', `${health.pages}, ${health.pagesDropped}`],
      ['Memory, managed heap', `${megabytes(health.memoryBytes)}, ${megabytes(health.heapBytes)}`],
    ];
    this.#numbers.replaceChildren(...rows.flatMap(([name, value, isFault]) => {
      const term = document.createElement('dt');
      term.textContent = name;
      const number = document.createElement('dd');
      number.textContent = value;
      number.classList.toggle('fault', Boolean(isFault) && value > 0);
      return [term, number];
    }));
  }
}
