import { call, element, link, show } from '/assets/api.js';
import { RuntimeLog } from '/assets/runtime.js';
import { Steps, time } from '/assets/steps.js';

const id = decodeURIComponent(location.pathname.split('/').pop());
const path = `/v1/deployments/${encodeURIComponent(id)}`;
const at = name => document.getElementById(name);
const steps = new Steps(at('log'), id);
const runtime = new RuntimeLog(at('app'), at('output'), path);
const running = ['waiting', 'queued', 'building', 'deploying'];

function facts(d) {
  const source = [d.source.url ?? d.source.folder, d.source.branch, d.source.commit?.slice(0, 12), d.source.commitMessage].filter(Boolean).join(' · ');
  const timings = Object.entries(d.timings).filter(([, ms]) => ms != null).map(([name, ms]) => `${name} ${time(ms)}`).join(', ');
  const ended = d.ended && `${new Date(d.ended.at).toLocaleString()}: ${d.ended.why}`;
  return [['Ended', ended], ['Id', d.id], ['Source', source], ['Preview', d.previewUrl], ['Production', d.productionUrl], ['Started by', d.trigger], ['Attempt', d.attempt || null], ['Timings', timings],
    ...(d.standIns ?? []).map(s => ['Built on', `${s.used}, in place of ${s.asked}, which no registry gave`])];
}

function render(d) {
  document.title = `${d.project} ${d.state} · Slipway`;
  at('project').textContent = d.project;
  at('state').textContent = d.asleep ? 'asleep' : d.state;
  at('state').className = `state ${d.state}`;
  at('url').hidden = d.state !== 'ready';
  if (d.state === 'ready') { at('url').href = d.url; at('url').textContent = d.url; }
  at('facts').replaceChildren(...facts(d).filter(([, text]) => text).flatMap(([name, text]) =>
    [element('dt', { textContent: name }), element('dd', {}, /^https?:/.test(text) && name !== 'Source' ? link(text) : text)]));
  show(at('failure'), d.failure ? [d.failure.message, d.failure.step && `step: ${d.failure.step}`, d.failure.exitCode != null && `exit code: ${d.failure.exitCode}`, d.failure.hint].filter(Boolean).join('\n') : '');
  at('redeploy').textContent = d.ended ? 'Build it again' : 'Deploy again';
  at('redeploy').hidden = d.ended != null && !d.ended.canBuildAgain;
  at('promote').hidden = d.state !== 'ready' || d.url === d.productionUrl;
  at('cancel').hidden = !running.includes(d.state);
  steps.know(d);
  runtime.know(d);
}

async function act(what) {
  show(at('refused'), '');
  try {
    const d = await call('POST', `${path}/${what}`);
    if (what === 'promote') render(d.deployment);
    if (what === 'redeploy') location.href = `/deployments/${encodeURIComponent(d.id)}`;
  } catch (error) {
    show(at('refused'), error.message);
  }
}

at('redeploy').addEventListener('click', () => act('redeploy'));
at('promote').addEventListener('click', () => act('promote'));
at('cancel').addEventListener('click', () => act('cancel'));

// The browser itself comes again with Last-Event-ID when the connection breaks.
const stream = new EventSource(`${path}/logs/stream`);
stream.addEventListener('line', e => steps.add(JSON.parse(e.data)));
stream.addEventListener('state', e => render(JSON.parse(e.data)));
stream.addEventListener('end', e => { stream.close(); render(JSON.parse(e.data)); show(at('end'), 'The log is complete.'); });
stream.onerror = () => { if (stream.readyState === EventSource.CLOSED) call('GET', path).catch(error => show(at('refused'), error.message)); };
