// Everything these pages do goes through the public API.
export async function call(method, path, body) {
  const response = await fetch(path, {
    method,
    headers: body === undefined ? { accept: 'application/json' } : { accept: 'application/json', 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (response.status === 401) location.href = '/login';
  const text = await response.text();
  const answer = text ? JSON.parse(text) : null;
  if (!response.ok) throw new Error([answer?.detail ?? answer?.title ?? `status ${response.status}`, answer?.hint].filter(Boolean).join('\n'));
  return answer;
}

export function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children.filter(c => c != null));
  return made;
}

/** Only web addresses become links. */
export function link(url, text) {
  return /^https?:\/\//.test(url) ? element('a', { href: url, textContent: text ?? url, rel: 'noreferrer' }) : document.createTextNode(text ?? url);
}

export function show(node, text) {
  node.textContent = text;
  node.hidden = !text;
}
