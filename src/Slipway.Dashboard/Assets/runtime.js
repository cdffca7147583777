import { element } from '/assets/api.js';
import { plain, spans } from '/assets/ansi.js';

const most = 2000;

/** What the app prints while it serves: the last lines, then what comes. The oldest leave when there are too many. */
export class RuntimeLog {
  #section;
  #lines;
  #stream;

  constructor(section, lines, path) {
    [this.#section, this.#lines] = [section, lines];
    this.path = `${path}/runtime-logs/stream?tail=200`;
  }

  /** Begins once, when there is an app to listen to. */
  know(d) {
    if (d.state !== 'ready' || this.#stream) return;
    this.#stream = new EventSource(this.path);
    this.#stream.addEventListener('line', e => this.#add(JSON.parse(e.data)));
    this.#stream.addEventListener('end', () => this.#stream.close());
    this.#section.hidden = false;
  }

  #add(line) {
    const follows = this.#lines.scrollTop + this.#lines.clientHeight >= this.#lines.scrollHeight - 4;
    const row = element('div', { className: line.stream, title: line.at });
    row.append(...spans(line.text, plain()));
    this.#lines.append(row);
    while (this.#lines.childElementCount > most) this.#lines.firstElementChild.remove();
    if (follows) this.#lines.scrollTop = this.#lines.scrollHeight;
  }
}
