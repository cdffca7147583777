import { call, element, link, show } from '/assets/api.js';

const rows = document.getElementById('deployments');
const refused = document.getElementById('refused');

function row(d) {
  const source = d.source.kind === 'git' ? d.source.url : d.source.folder;
  return element('tr', {},
    element('td', {}, element('span', { className: `state ${d.state}`, textContent: d.asleep ? 'asleep' : d.state })),
    element('td', { textContent: d.project }),
    element('td', { textContent: [source, d.source.branch, d.source.commit?.slice(0, 7), d.source.commitMessage].filter(Boolean).join(' · ') }),
    element('td', {}, d.state === 'ready' ? link(d.url) : d.failure?.message ?? ''),
    element('td', { textContent: new Date(d.createdAt).toLocaleString() }),
    element('td', {}, element('a', { href: `/deployments/${encodeURIComponent(d.id)}`, textContent: 'log' })));
}

async function refresh() {
  const all = await call('GET', '/v1/deployments?limit=50');
  rows.replaceChildren(...all.map(row));
  document.getElementById('none').hidden = all.length > 0;
}

document.getElementById('deploy').addEventListener('submit', async event => {
  event.preventDefault();
  show(refused, '');
  const form = new FormData(event.target);
  const text = name => form.get(name).trim() || null;
  try {
    const made = await call('POST', '/v1/deployments', {
      gitUrl: text('gitUrl'), ref: text('ref'), project: text('project'), rootDirectory: text('rootDirectory'), production: form.get('production') === 'on', trigger: 'dashboard',
    });
    location.href = `/deployments/${encodeURIComponent(made.id)}`;
  } catch (error) {
    show(refused, error.message);
  }
});

// Only now may it be pressed: before, the browser itself would have sent the form, to nowhere.
document.querySelector('#deploy button').disabled = false;

await refresh();
setInterval(() => { if (!document.hidden) refresh().catch(() => { }); }, 3000);
