// The sound of the instrument in the browser: asks for it while it is on, and says how late it is heard.

import { Kind } from './link.js';

export class Audio {
  #link;
  #context = null;
  #player = null;
  #line = null; // the worker that the sound comes through
  #rate = 48000;
  #buffered = 0;

  /** Called whenever it goes on or off, or the latency is another. */
  onChange = () => {};

  /** Called with the reason when the instrument gives this page no sound; it is off then. */
  onRefused = () => {};

  /** For whoever wants to see the sound: a node that what is heard goes through. */
  analyser = null;

  constructor(link) {
    this.#link = link;
    link.on(Kind.hello, record => {
      this.#rate = record.getInt32(4, true);
    });
  }

  /** Why it cannot sound here, or null. */
  get obstacle() {
    return window.isSecureContext && 'AudioWorkletNode' in window
      ? null
      : 'Browsers give sound and MIDI only to pages of this machine or over https. Open http://127.0.0.1:8017 on the machine that plays, or tunnel to it: ssh -L 8017:127.0.0.1:8017 HOST.';
  }

  get isOn() {
    return this.#player !== null && this.#context.state === 'running';
  }

  /** From a key to its sound, in milliseconds: the way there, the way back, the buffer, the sound card. */
  get latency() {
    const card = this.#context.outputLatency || this.#context.baseLatency || 0;
    return Math.round(this.#link.roundTrip + 5 + 1000 * (this.#buffered + card));
  }

  async toggle() {
    await (this.isOn ? this.stop() : this.start());
  }

  async start() {
    if (this.obstacle) {
      return;
    }
    if (!this.#context) {
      this.#context = new AudioContext({ latencyHint: 'interactive' });
      await this.#context.audioWorklet.addModule('audio-worklet.js');
      this.analyser = this.#context.createAnalyser();
      this.analyser.connect(this.#context.destination);
    }
    await this.#context.resume();
    this.#player = new AudioWorkletNode(this.#context, 'instrument-player', {
      numberOfInputs: 0, outputChannelCount: [2], processorOptions: { rate: this.#rate },
    });
    const { port1, port2 } = new MessageChannel();
    this.#player.port.postMessage(port1, [port1]);
    this.#line = new Worker('sound-line.js', { type: 'module' });
    this.#line.postMessage(port2, [port2]);
    this.#line.onmessage = ({ data }) => {
      this.stop();
      this.onRefused(data);
    };
    this.#player.port.onmessage = ({ data }) => {
      this.#buffered = data.buffered;
      this.onChange();
    };
    this.#player.connect(this.analyser);
    this.onChange();
  }

  async stop() {
    this.#line?.terminate();
    this.#player?.disconnect();
    this.#player = null;
    await this.#context?.suspend();
    this.onChange();
  }
}
