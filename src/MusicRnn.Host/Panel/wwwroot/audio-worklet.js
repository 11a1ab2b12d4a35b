// Plays what comes in, on the browser's audio thread. The instrument's clock and the sound card's are two: a buffer stands between,
// as short as the line allows, and is read a little faster or slower to stay so.

const capacity = 1 << 17; // frames
const mask = capacity - 1;
const shortest = 0.02; // seconds
const longest = 0.25;
const growth = 0.012; // after running dry
const shrinkEvery = 8; // seconds without running dry
const fade = 128; // frames

class InstrumentPlayer extends AudioWorkletProcessor {
  #left = new Float32Array(capacity);
  #right = new Float32Array(capacity);
  #written = 0;
  #position = 0; // frames read, with a fraction
  #rate = 48000;
  #target = 0.04;
  #playing = false;
  #gain = 0;
  #dry = 0;
  #calm = 0;
  #told = 0;
  #mean = 0;

  constructor(options) {
    super();
    this.#rate = options.processorOptions.rate;
    this.port.onmessage = ({ data: line }) => {
      line.onmessage = ({ data }) => this.#write(new Int16Array(data));
    };
  }

  #write(samples) {
    for (let i = 0; i < samples.length; i += 2) {
      const at = this.#written++ & mask;
      this.#left[at] = samples[i] / 32768;
      this.#right[at] = samples[i + 1] / 32768;
    }
  }

  // Four-point Hermite: flat enough for a piano, and without a filter's delay.
  #sample(buffer, index, fraction) {
    const a = buffer[(index - 1) & mask], b = buffer[index & mask], c = buffer[(index + 1) & mask], d = buffer[(index + 2) & mask];
    const slope = (c - a) / 2, curve = a - 2.5 * b + 2 * c - d / 2, twist = (d - a) / 2 + 1.5 * (b - c);
    return ((twist * fraction + curve) * fraction + slope) * fraction + b;
  }

  process(_, [[left, right]]) {
    const target = this.#target * this.#rate;
    const fill = this.#written - this.#position;
    this.#mean += (fill - this.#mean) * 0.02;
    if (!this.#playing && fill >= target) {
      this.#playing = true;
      this.#mean = fill;
    }
    if (fill > target + 0.15 * this.#rate) {
      this.#position = this.#written - target; // the page slept: what is old is not heard any more
      this.#mean = target;
      this.#gain = 0;
    }
    const error = (this.#mean - target) / this.#rate;
    const speed = (this.#rate / sampleRate) * (1 + Math.max(-0.004, Math.min(0.004, error * 0.2)));
    for (let i = 0; i < left.length; i++) {
      const index = Math.floor(this.#position);
      const rest = this.#written - 3 - index;
      if (this.#playing && rest < fade / 4) {
        this.#playing = false;
        this.#dry++;
        this.#target = Math.min(longest, this.#target + growth);
        this.#calm = 0;
      }
      const aim = this.#playing ? 1 : 0;
      this.#gain += Math.max(-4 / fade, Math.min(1 / fade, aim - this.#gain));
      if (rest >= 0 && this.#gain > 0) {
        const fraction = this.#position - index;
        left[i] = this.#sample(this.#left, index, fraction) * this.#gain;
        right[i] = this.#sample(this.#right, index, fraction) * this.#gain;
        this.#position += speed;
      }
    }
    this.#tell(left.length / sampleRate);
    return true;
  }

  #tell(seconds) {
    this.#calm += seconds;
    if (this.#calm > shrinkEvery) {
      this.#calm = 0;
      this.#target = Math.max(shortest, this.#target - 0.003);
    }
    this.#told += seconds;
    if (this.#told > 0.25) {
      this.#told = 0;
      this.port.postMessage({ buffered: this.#mean / this.#rate, dry: this.#dry });
    }
  }
}

registerProcessor('instrument-player', InstrumentPlayer);
