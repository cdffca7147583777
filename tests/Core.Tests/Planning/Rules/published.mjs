// Writes published.json: what the published npm package @vercel/routing-utils makes of the cases below. Our rules must make the same.
// In an empty folder: npm init -y && npm install @vercel/routing-utils@6.6.0 && node THIS_FILE > published.json
import { createRequire } from 'node:module';
const { getTransformedRoutes } = createRequire(process.cwd() + '/')('@vercel/routing-utils');

const paths = ['/', '/a', '/a/', '/a/b', '/a/b/c', '/old', '/old/', '/old/x', '/old/x/y', '/blog/7', '/blog/seven', '/blog/2024-05/hello', '/docs', '/docs/', '/docs/v2/intro',
  '/file.txt', '/file', '/api', '/api/users/7', '/img/a.b.png', '/de/preis%C3%A9', '/shop/item-12.html', '/x/general', '/x/special', '/feature-dark', '/A', '/p/a&b', '/p/a+b/c'];

const cases = [
  ['/', '/home'], ['/old', '/new'], ['/old/', '/new/'], ['/old/:rest', '/new/:rest'], ['/old/:rest*', '/new/:rest*'], ['/old/:rest+', '/new/:rest+'], ['/old/:rest?', '/new/:rest?'],
  ['/old/:rest*', '/new'], ['/old/:rest*', '/new/:rest*/'], ['/old/:a/:b', '/:b/:a'], ['/old/:a/:b', '/new?first=:a&second=:b'], ['/old/:a/:b', '/new?first=:a'], ['/old/:a', '/new?b=2&a=:a&c=1'],
  ['/old/:a', '/new#:a'], ['/old/:a', '/new?x=:a#part-:a'], ['/blog/:id(\\d+)', '/posts/:id'], ['/blog/:id(\\d{1,3})/:rest*', '/posts/:id/:rest*'], ['/blog/:slug([a-z]+)', '/posts/:slug'],
  ['/blog/:date(\\d{4}-\\d{2})/:slug', '/:slug/:date'], ['/(.*)', '/$1'], ['/(.*)', '/index.html'], ['/((?!api/).*)', '/index.html'], ['/((?!api|docs).*)', '/app/$1'], ['/x/((?!general).*)', '/x/general'],
  ['/docs/:path*', 'https://docs.example.com/:path*'], ['/docs/:path*', 'https://docs.example.com/en/:path*?from=here'], ['/docs/:path*', 'https://example.com:8443/:path*'], ['/docs/:path*', 'https://example.com'],
  ['/docs/(.*)', 'https://example.com/$1?x=1'], ['/:lang/docs', 'https://:lang.example.com/docs'], ['/:lang/:rest*', 'https://:lang.example.com:8080/:rest*'], ['/feature-:name', '/features/:name'],
  ['/feature-{:name}', '/features/:name'], ['/file{.:ext}?', '/files/:ext?'], ['/shop/:name-:id(\\d+).html', '/items/:id/:name'], ['/img/:name.:ext', '/images/:ext/:name'], ['/next(\\.js)?', 'https://example.com'],
  ['/api/users/:id', '/api/user?id=:id'], ['/api/:path*', 'https://api.example.com/v1/:path*'], ['/api/:path*', '/backend'], ['/api/:path*', '/backend?q=1'], ['/:path', '/new?path=:path'], ['/:path*', '/all/:path*'],
  ['/de/:word', '/fr/:word'], ['/p/:x', '/q?x=:x'], ['/p/:x+', '/q/:x+'], ['/a', '/b?name=bob&age='], ['/a', 'https://example.com/?utm_source=mail#/guides/page?dynamic=code'], ['/a/:b', 'https://example.com/?utm_source=mail#/guides/:b/page?dynamic=code'],
  ['/a/:b', '/b?else={:b}'], ['/a/:b', '/b?tag=1&tag=2&b=:b'], ['/a/:b', '/b?text=hello%20world&b=:b'], ['/a/:b', '/c/:b*'], ['/a/:b/:c?', '/d/:b/:c?'],
  ['/a/:b', '/:user/:b', [{ type: 'header', key: 'X-User', value: '(?<user>[a-z]+)' }]], ['/a/:b', '/q/:page', [{ type: 'query', key: 'page' }]], ['/:any*', 'https://:sub.example.com/:any*', [{ type: 'host', value: '(?<sub>.*)\\.old\\.example' }]],
  ['/a/:b', '/somewhere/:host', [{ type: 'host', value: 'example.com' }]], ['/a', '/b', [{ type: 'cookie', key: 'beta', value: '1' }]], ['/a/:b', '/z?b=x', [{ type: 'cookie', key: 'beta', value: '(?<b>.*)' }]],
];

const headers = [['/docs/:path*', 'x-path', '/:path*'], ['/docs/:path*', 'x-:path', 'v'], ['/(.*)', 'link', '<https://example.com/:a>; rel=x'], ['/:a/:b', 'x-a', 'a=:a, b=:b, c=:c'], ['/a', 'x-time', '12:30'], ['/:a', 'x-q', ':a? or :a* or (:a)']];

const groups = src => { const regex = new RegExp(src); return Object.fromEntries(paths.map(p => [p, regex.exec(p)]).filter(([, m]) => m).map(([p, m]) => [p, [...m].slice(1).map(g => g ?? '')])); };
const one = (kind, rule) => { const { routes, error } = getTransformedRoutes({ [kind]: [structuredClone(rule)] }); if (error) throw new Error(`${JSON.stringify(rule)}: ${error.message}`); return routes.at(-1); };

console.log(JSON.stringify({
  paths,
  rules: cases.map(([source, destination, has]) => {
    const redirect = one('redirects', { source, destination, has }), rewrite = one('rewrites', { source, destination, has });
    return { source, destination, has, location: redirect.headers.Location, target: rewrite.dest, matches: groups(redirect.src) };
  }),
  headers: headers.map(([source, key, value]) => ({ source, key, value, made: one('headers', { source, headers: [{ key, value }] }).headers })),
  tidy: [[true, undefined], [true, true], [true, false], [undefined, true], [undefined, false]].map(([cleanUrls, trailingSlash]) => {
    const { routes } = getTransformedRoutes({ cleanUrls, trailingSlash });
    const all = [...paths, '/index', '/index/', '/index.html', '/about.html', '/about.html/', '/sub/index', '/sub/index.html', '/someindex', '/a.b/c', '/a.b/c.d/', '/.well-known/x', '/.well-known/x/', '/file.tar.gz/', '/a//b', '/a//b/'];
    return { cleanUrls, trailingSlash, to: Object.fromEntries(all.map(p => { const r = routes.find(x => new RegExp(x.src).test(p)); return [p, r?.headers ? p.replace(new RegExp(r.src), (...m) => r.headers.Location.replace('$1', m[1] ?? '')) : null]; })) };
  }),
}, null, 1));
