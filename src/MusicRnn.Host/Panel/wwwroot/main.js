// Puts the page together: what comes in from the instrument goes to those who show it, and what the visitor does goes there.

import { Audio } from './audio.js';
import { Controls } from './controls.js';
import { Expectation } from './expectation.js';
import { Health } from './health.js';
import { Histograms } from './histograms.js';
import { Kind, Link, Want } from './link.js';
import { Midi } from './midi.js';
import { Piano } from './piano.js';
import { Roll } from './roll.js';
import { Takes } from './takes.js';

const find = selector => document.querySelector(selector);
const sustain = 64;
const allSoundOff = 120;
const states = ['Nobody plays', 'You play', 'The machine plays'];
const decision = { midi: 0, withdraw: 1, release: 2 };

const link = new Link();
const roll = new Roll(find('#roll'), () => link.now());
const piano = new Piano(find('#piano'), find('#pedal'));
const audio = new Audio(link);
const midi = new Midi(link);
const controls = new Controls(link);
const histograms = new Histograms(find('#histograms'));
const takes = new Takes(find('#takes'), find('#keep'));
const expectation = new Expectation(link, find('#expects'));
new Health(link, find('#devices'), find('#numbers'));

let channels = { you: 0, machine: 1 };
let hasSound = true;
let state = 0;
let turn = NaN;
let toldTimer = 0;

const voiceOf = status => ((status & 0x0f) === channels.machine ? 'machine' : 'you');

function tell(sentence) {
  const told = find('#told');
  told.textContent = sentence;
  told.classList.add('shown');
  clearTimeout(toldTimer);
  toldTimer = setTimeout(() => told.classList.remove('shown'), 5000);
}

// The machine's turn was foreseen to the moment; yours began with your note.
function passTurn(voice) {
  const now = link.now();
  const began = voice === 'machine' ? turn : roll.lastOnset(voice);
  roll.pass(voice, Math.abs(began - now) < 2 ? began : now);
}

async function load() {
  const answer = await fetch('/state').catch(() => null);
  if (!answer?.ok) {
    return;
  }
  const instrument = await answer.json();
  hasSound = instrument.hasSound;
  controls.take(instrument);
  showSound();
  takes.load();
}

// What sounds, as it sounds.
link.on(Kind.midi, record => {
  const time = record.getFloat64(0, true);
  const [status, data1, data2] = [record.getUint8(8), record.getUint8(9), record.getUint8(10)];
  const voice = voiceOf(status);
  const kind = status & 0xf0;
  if (kind === 0x90 && data2 > 0) {
    roll.press(voice, time, data1, data2);
    histograms.press(voice, time, data1, data2);
    piano.light(data1, voice, true);
  } else if (kind === 0x80 || kind === 0x90) {
    roll.release(voice, time, data1);
    histograms.release(voice, time, data1);
    piano.light(data1, voice, false);
  } else if (kind === 0xb0 && data1 === sustain) {
    roll.pedal(voice, time, data2 >= 64);
    if (voice === 'you') {
      find('#pedal').classList.toggle('down', data2 >= 64);
    }
  } else if (kind === 0xb0 && data1 >= allSoundOff) {
    for (let pitch = 0; pitch < 128; pitch++) {
      roll.release(voice, time, pitch);
      piano.light(pitch, voice, false);
    }
  }
});

// What is decided, before it sounds.
link.on(Kind.decision, record => {
  const time = record.getFloat64(0, true);
  const [status, pitch, velocity] = [record.getUint8(9), record.getUint8(10), record.getUint8(11)];
  if (record.getUint8(8) !== decision.midi) {
    roll.withdraw(time);
  } else if ((status & 0xf0) === 0x90 && velocity > 0) {
    roll.foresee(time, pitch, velocity);
  } else if ((status & 0xf0) === 0x80 || (status & 0xf0) === 0x90) {
    roll.foreseeEnd(time, pitch);
  }
});

link.on(Kind.state, record => {
  const next = record.getUint8(0);
  if (next !== state) {
    if (next !== 0) {
      passTurn(next === 2 ? 'machine' : 'you');
    }
    state = next;
    document.body.dataset.state = ['idle', 'listening', 'answering'][state];
    find('#state-text').textContent = states[state];
  }
  turn = record.getFloat64(1, true);
  roll.turn = turn;
});

link.on(Kind.hello, record => {
  channels = { you: record.getUint8(1), machine: record.getUint8(2) };
  roll.clear();
  histograms.clear();
  piano.darken();
  load();
});

link.on(Kind.changed, load);
link.on(Kind.told, record => tell(new TextDecoder().decode(record)));

link.on('open', () => {
  document.body.classList.remove('away');
});

link.on('close', reason => {
  document.body.classList.add('away');
  piano.releaseAll();
  find('#state-text').textContent = reason || 'The instrument is away';
  state = -1;
});

expectation.onChange = value => {
  roll.expectation = value;
};

// The piano plays, and where the instrument has no sound of its own the first key asks for it here.
piano.onPress = (pitch, velocity) => {
  if (!hasSound && !audio.isOn && !audio.obstacle) {
    startSound();
  }
  link.play(0x90 | channels.you, pitch, velocity);
};
piano.onRelease = pitch => link.play(0x80 | channels.you, pitch, 64);
piano.onPedal = down => link.play(0xb0 | channels.you, sustain, down ? 127 : 0);
find('#lower').addEventListener('click', () => piano.shift(-1));
find('#higher').addEventListener('click', () => piano.shift(1));

function showSound() {
  const button = find('#sound');
  const on = audio.isOn;
  button.setAttribute('aria-pressed', on);
  find('#sound-text').textContent = on ? 'Sound on' : 'Sound off';
  find('#latency').textContent = on ? `${audio.latency} ms` : hasSound ? 'heard at the instrument' : '';
}

async function startSound() {
  try {
    await audio.start();
  } catch (error) {
    tell(`The browser gives no sound: ${error.message}`);
  }
}

find('#sound').addEventListener('click', () => {
  if (audio.obstacle) {
    tell(audio.obstacle);
  } else if (audio.isOn) {
    audio.stop();
  } else {
    startSound();
  }
});
audio.onChange = showSound;
audio.onRefused = reason => tell(`The instrument gives this page no sound. ${reason}.`);

function showMidi() {
  const ports = midi.ports();
  find('#midi-text').textContent = midi.isOpen ? `${midi.count} MIDI ${midi.count === 1 ? 'port' : 'ports'}` : 'MIDI devices';
  find('#midi').setAttribute('aria-expanded', !find('#midi-ports').hidden);
  find('#midi-list').replaceChildren(...ports.map(port => {
    const item = document.createElement('li');
    const choice = document.createElement('button');
    choice.type = 'button';
    choice.className = 'switch';
    choice.setAttribute('role', 'switch');
    choice.setAttribute('aria-checked', port.chosen);
    choice.textContent = port.isInput ? `${port.name} plays the instrument` : `The instrument plays ${port.name}`;
    choice.addEventListener('click', () => midi.choose(port.key, !port.chosen));
    item.append(choice);
    return item;
  }));
  find('#midi-none').hidden = !midi.isOpen || ports.length > 0;
}

find('#midi').addEventListener('click', async () => {
  if (midi.obstacle) {
    tell(midi.obstacle);
    return;
  }
  const panel = find('#midi-ports');
  panel.hidden = !panel.hidden;
  if (!midi.isOpen) {
    try {
      await midi.open();
    } catch {
      panel.hidden = true;
      tell('The browser was not allowed to use MIDI devices. Allow it beside the address, and press again.');
    }
  }
  showMidi();
});
midi.onChange = showMidi;

// A button that was clicked gives the keyboard back, so that the space bar is the pedal again.
addEventListener('click', event => {
  if (event.detail > 0) {
    event.target.closest('button, [role=radio], a')?.blur();
  }
});
addEventListener('change', event => event.target.matches('select') && event.target.blur());

controls.onTell = tell;
takes.onTell = tell;
showSound();
showMidi();
link.want(Want.expectation);
link.connect();

// For tests, and for the curious at the console.
window.musicrnn = { link, roll, piano, audio, midi, controls };
