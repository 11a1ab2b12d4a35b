// Carries the sound from the instrument to the audio thread, on a thread and a line of its own: drawing never holds it up.

import { Kind, Link, Want } from './link.js';

const link = new Link();
let player = null;

link.on(Kind.sound, record => {
  const samples = record.buffer.slice(record.byteOffset + 8, record.byteOffset + record.byteLength);
  player?.postMessage(samples, [samples]);
});

link.on('close', reason => {
  if (reason) {
    postMessage(reason); // a refusal: a line that broke comes back by itself
  }
});

onmessage = ({ data }) => {
  player = data;
  link.want(Want.sound | Want.soundAlone);
  link.connect();
};
