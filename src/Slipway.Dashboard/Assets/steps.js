import { element } from '/assets/api.js';
import { plain, spans } from '/assets/ansi.js';

// A step of a million lines would take the browser down; the last ones are those that are looked for.
const kept = 2000;

export const time = ms => ms == null ? '' : ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.floor(ms / 60_000)} min ${Math.floor(ms / 1000) % 60} s`;

/** The log as a list of steps, each with its lines beneath it. Lines are drawn once a frame, so that a flood of them does not freeze the page. */
export class Steps {
  #root;
  #id;
  #steps = new Map();
  #waiting = [];
  #deployment = null;

  constructor(root, id) {
    this.#root = root;
    this.#id = id;
    setInterval(() => { for (const step of this.#steps.values()) if (step.state === 'running') step.took.textContent = time(Date.now() - step.since); }, 1000);
  }

  add(line) {
    if (this.#waiting.push(line) === 1) requestAnimationFrame(() => this.#draw());
  }

  /** What is known of the stages and of the step that failed. */
  know(deployment) {
    this.#deployment = deployment;
    this.#settle();
  }

  #settle() {
    const d = this.#deployment;
    if (!d) return;
    const over = !['waiting', 'queued', 'building', 'deploying'].includes(d.state);
    for (const step of this.#steps.values()) {
      if (!step.change && d.timings[step.name] != null) {
        step.took.textContent = time(d.timings[step.name]);
        this.#turn(step, 'done');
      }

      if (d.failure?.step && (step.name === d.failure.step || step.label.textContent === d.failure.step)) this.#turn(step, 'failed');
      else if (over && step.state === 'running') this.#turn(step, 'canceled');
    }
  }

  #draw() {
    const follow = innerHeight + scrollY > document.body.scrollHeight - 80;
    const lines = this.#waiting;
    this.#waiting = [];
    const perStep = new Map();
    for (const line of lines) {
      const step = this.#of(line.step ?? '');
      if (line.change) this.#change(step, line);
      if (!perStep.has(step)) perStep.set(step, []);
      perStep.get(step).push(line);
    }

    for (const [step, own] of perStep) this.#append(step, own);
    this.#settle();
    if (follow) scrollTo(0, document.body.scrollHeight);
  }

  #of(name) {
    let step = this.#steps.get(name);
    if (step) return step;
    const [mark, label, took] = ['mark', 'name', 'took'].map(className => element('span', { className }));
    const [why, more, lines] = [element('p', { className: 'why', hidden: true }), element('p', { className: 'hint', hidden: true }), element('div', { className: 'lines' })];
    const box = element('details', { className: 'step', open: true }, element('summary', {}, mark, label, took), why, more, lines);
    step = { name, label, took, why, more, lines, box, style: plain(), count: 0, state: null, change: null, touched: false };
    box.dataset.step = name;
    label.textContent = name || 'slipway';
    // Who opened or closed it by hand is not overruled.
    box.querySelector('summary').addEventListener('click', () => { step.touched = true; });
    this.#steps.set(name, step);
    this.#root.append(box);
    return step;
  }

  #change(step, line) {
    const { name, state, durationMs, why } = step.change = line.change;
    step.label.textContent = name;
    step.label.title = name;
    step.since = state === 'running' ? Date.parse(line.at) : step.since;
    step.took.textContent = state === 'cached' ? 'cached' : time(durationMs);
    step.why.textContent = why ? `not cached: ${why}` : '';
    step.why.hidden = !why || state === 'cached';
    this.#turn(step, state);
  }

  #turn(step, state) {
    step.state = state;
    step.box.className = `step ${state}`;
    // A stage is a few lines of our own: they stay in sight.
    if (!step.touched && step.change) step.box.open = state === 'running' || state === 'failed';
  }

  #append(step, lines) {
    step.count += lines.length;
    // Passed over, but what they switch on stays on.
    for (const line of lines.slice(0, -kept)) spans(line.text, step.style);
    step.lines.append(...lines.slice(-kept).map(line => element('div', { className: line.stream }, ...(line.stream === 'system' ? spans(line.text, plain()) : spans(line.text, step.style)))));
    while (step.lines.childElementCount > kept) step.lines.firstElementChild.remove();
    const dropped = step.count - step.lines.childElementCount;
    step.more.hidden = dropped === 0;
    step.more.textContent = `${dropped.toLocaleString()} earlier lines; all of them: slipway logs ${this.#id}${step.name ? ` --step "${step.name}"` : ''}`;
  }
}
