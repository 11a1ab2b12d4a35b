// The takes: every session is one. Hear it, carry on from it, take it away; or keep the last two minutes as one more.

const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });
const hour = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' });
const minutes = seconds => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;

export class Takes {
  #list;
  #player = document.createElement('audio');
  #playing = null;

  /** Called with a sentence that the visitor should know. */
  onTell = () => {};

  constructor(list, keep) {
    this.#list = list;
    keep.addEventListener('click', () => this.#keep());
    this.#player.addEventListener('ended', () => this.#stop());
    this.#player.addEventListener('error', () => this.#playing && this.#stop());
  }

  async load() {
    const answer = await fetch('/takes').catch(() => null);
    if (!answer?.ok) {
      return;
    }
    const takes = await answer.json();
    this.#list.replaceChildren(...takes.map(take => this.#item(take)));
    if (takes.length === 0) {
      const none = document.createElement('li');
      none.className = 'none';
      none.textContent = 'None yet. A session becomes a take when it ends; what you have just played can be kept now.';
      this.#list.append(none);
    }
  }

  #item(take) {
    const began = new Date(take.began);
    const path = `/takes/${encodeURIComponent(take.name)}`;
    const item = document.createElement('li');
    const what = document.createElement('div');
    what.className = 'what';
    const when = document.createElement('strong');
    when.textContent = `${began.toDateString() === new Date().toDateString() ? 'Today' : day.format(began)}, ${hour.format(began)}`;
    const numbers = document.createElement('span');
    numbers.textContent = `${minutes(take.seconds)} · you ${take.playerNotes} · machine ${take.machineNotes}`;
    what.append(when, numbers);
    const tools = document.createElement('div');
    tools.className = 'tools';
    const label = `the take of ${when.textContent}`;
    const play = this.#button('Play', `Play ${label}`, () => this.#toggle(play, path));
    tools.append(
      play,
      this.#button('Continue', `Let the machine carry on from ${label}`, async () => this.onTell(await (await fetch(`${path}/continue`, { method: 'POST' })).text())),
      this.#link('MIDI', `${path}.mid`, `${take.name}.mid`, label),
      this.#link('WAV', `${path}.wav`, `${take.name}.wav`, label),
      this.#link('Roll', `${path}.svg`, null, label),
    );
    item.append(what, tools);
    return item;
  }

  #button(text, label, act) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'small';
    button.textContent = text;
    button.setAttribute('aria-label', label);
    button.addEventListener('click', act);
    return button;
  }

  #link(text, href, download, label) {
    const link = document.createElement('a');
    link.className = 'small';
    link.textContent = text;
    link.href = href;
    link.setAttribute('aria-label', `${text} of ${label}`);
    if (download) {
      link.download = download;
    } else {
      link.target = '_blank';
      link.rel = 'noopener';
    }
    return link;
  }

  #toggle(button, path) {
    const again = this.#playing !== button;
    this.#stop();
    if (again) {
      this.#playing = button;
      button.textContent = 'Stop';
      this.#player.src = `${path}.wav`;
      this.#player.play().catch(() => this.#stop());
    }
  }

  #stop() {
    this.#player.pause();
    if (this.#playing) {
      this.#playing.textContent = 'Play';
      this.#playing = null;
    }
  }

  async #keep() {
    const answer = await fetch('/takes/keep', { method: 'POST' });
    const text = await answer.text();
    this.onTell(answer.ok ? `Kept as ${text}.` : text);
    await this.load();
  }
}
