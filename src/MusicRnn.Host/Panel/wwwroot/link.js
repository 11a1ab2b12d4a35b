// The line to the instrument: records both ways over one WebSocket, and the instrument's clock. docs/protocol.md describes it.

export const Kind = {
  hello: 0x01, pong: 0x02, midi: 0x03, decision: 0x04, state: 0x05, parameters: 0x06,
  expectation: 0x07, sound: 0x08, health: 0x09, changed: 0x0a, told: 0x0b,
  ping: 0x41, play: 0x42, set: 0x43, want: 0x44, learn: 0x45,
};

export const Want = { sound: 1, expectation: 2, soundAlone: 4 };

const head = 4;
const firstWait = 250; // milliseconds
const longestWait = 4000;
const pingEvery = 1000;

export class Link {
  #handlers = new Map();
  #socket = null;
  #wait = firstWait;
  #offset = 0; // the instrument's seconds less the page's
  #samples = [];
  #want = 0;
  #pings = 0;

  /** The time that a record takes to the instrument and back, in milliseconds. */
  roundTrip = 0;
  isOpen = false;

  /** Calls a function with a DataView for every record of a kind; "open" and "close", with the reason given, tell of the connection. */
  on(kind, handler) {
    const handlers = this.#handlers.get(kind) ?? [];
    handlers.push(handler);
    this.#handlers.set(kind, handlers);
  }

  connect() {
    const socket = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/live`);
    socket.binaryType = 'arraybuffer';
    this.#socket = socket;
    socket.onopen = () => {
      this.#samples = [];
      this.isOpen = true;
      this.want(this.#want);
      this.#tell('open');
      this.#ping(socket, 5);
    };
    socket.onmessage = event => this.#receive(event.data);
    socket.onclose = event => {
      if (this.isOpen) {
        this.isOpen = false;
        this.#tell('close', event.reason);
      }
      setTimeout(() => this.connect(), this.#wait);
      this.#wait = Math.min(longestWait, this.#wait * 2);
    };
  }

  /** Drops the line; it comes back by itself. */
  drop() {
    this.#socket?.close();
  }

  /** The instrument's time now, in seconds. */
  now() {
    return performance.now() / 1000 + this.#offset;
  }

  /** The page's time, as performance.now() counts it, of the instrument's. */
  toPage(seconds) {
    return (seconds - this.#offset) * 1000;
  }

  play(status, data1, data2) {
    this.#send(Kind.play, 3, view => {
      view.setUint8(head, status);
      view.setUint8(head + 1, data1);
      view.setUint8(head + 2, data2);
    });
  }

  set(parameter, value) {
    this.#send(Kind.set, 5, view => {
      view.setUint8(head, parameter);
      view.setFloat32(head + 1, value, true);
    });
  }

  /** Presses a button: a parameter that acts when it rises. */
  push(parameter) {
    this.set(parameter, 1);
    this.set(parameter, 0);
  }

  want(wants) {
    this.#want = wants;
    this.#send(Kind.want, 1, view => view.setUint8(head, wants));
  }

  /** The next controller that moves turns this parameter; null ends the waiting. */
  learn(parameter) {
    this.#send(Kind.learn, 1, view => view.setUint8(head, parameter ?? 0xff));
  }

  #send(kind, length, write) {
    if (this.#socket?.readyState !== WebSocket.OPEN) {
      return;
    }
    const view = new DataView(new ArrayBuffer(head + length));
    view.setUint8(0, kind);
    view.setUint16(2, length, true);
    write(view);
    this.#socket.send(view.buffer);
  }

  #receive(buffer) {
    const whole = new DataView(buffer);
    for (let at = 0; at + head <= buffer.byteLength;) {
      const length = whole.getUint16(at + 2, true);
      const record = new DataView(buffer, at + head, length);
      const kind = whole.getUint8(at);
      if (kind === Kind.pong) {
        this.#measure(record);
      } else if (kind === Kind.hello) {
        this.#wait = firstWait; // and not once it opens: an instrument that has too many pages closes it again
      }
      this.#tell(kind, record);
      at += head + length;
    }
  }

  #tell(kind, record) {
    for (const handler of this.#handlers.get(kind) ?? []) {
      handler(record);
    }
  }

  #ping(socket, quick) {
    if (this.#socket !== socket || socket.readyState !== WebSocket.OPEN) {
      return;
    }
    this.#send(Kind.ping, 8, view => view.setFloat64(head, performance.now(), true));
    setTimeout(() => this.#ping(socket, quick - 1), quick > 0 ? 60 : pingEvery);
  }

  // The quickest of the last answers knows the time best: least of it was spent waiting.
  #measure(record) {
    const sent = record.getFloat64(0, true);
    const received = performance.now();
    const roundTrip = received - sent;
    this.#samples.push({ roundTrip, offset: record.getFloat64(8, true) - (sent + roundTrip / 2) / 1000 });
    if (this.#samples.length > 16) {
      this.#samples.shift();
    }
    const best = this.#samples.reduce((a, b) => (b.roundTrip < a.roundTrip ? b : a));
    this.roundTrip = best.roundTrip;
    this.#offset = best.offset;
  }
}
