// What a program printed for a terminal, as spans: colours and weights become classes, everything else that a terminal would obey is dropped.
// Text only ever becomes text nodes.
const escapes = /\x1b\[([0-?]*)[ -/]*([@-~])|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b[ -/]+[0-~]|\x1b[^[\]]|[\x00-\x08\x0b-\x1f\x7f\x80-\x9f]/g;

/** Weights and colours as they stand; a line begins with those that the line before it left. */
export const plain = () => ({ fg: null, bg: null, bold: false, dim: false, italic: false, underline: false });

export function spans(text, style) {
  const made = [];
  let from = 0;
  const add = part => { if (part) made.push(span(part, style)); };
  for (const found of text.matchAll(escapes)) {
    add(text.slice(from, found.index));
    from = found.index + found[0].length;
    if (found[2] === 'm') select(found[1], style);
  }
  add(text.slice(from));
  return made;
}

function span(text, style) {
  const names = [style.fg != null && `fg${style.fg}`, style.bg != null && `bg${style.bg}`, ...['bold', 'dim', 'italic', 'underline'].filter(name => style[name])].filter(Boolean);
  if (!names.length) return document.createTextNode(text);
  const made = document.createElement('span');
  made.className = names.join(' ');
  made.textContent = text;
  return made;
}

/** SGR: https://www.ecma-international.org/publications-and-standards/standards/ecma-48/ §8.3.117. */
function select(parameters, style) {
  const codes = parameters.split(/[;:]/).map(Number);
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i];
    if (code === 0) Object.assign(style, plain());
    else if (code === 1) style.bold = true;
    else if (code === 2) style.dim = true;
    else if (code === 3) style.italic = true;
    else if (code === 4) style.underline = true;
    else if (code === 22) style.bold = style.dim = false;
    else if (code === 23) style.italic = false;
    else if (code === 24) style.underline = false;
    else if (code >= 30 && code <= 37) style.fg = code - 30;
    else if (code >= 40 && code <= 47) style.bg = code - 40;
    else if (code >= 90 && code <= 97) style.fg = code - 82;
    else if (code >= 100 && code <= 107) style.bg = code - 92;
    else if (code === 39) style.fg = null;
    else if (code === 49) style.bg = null;
    else if (code === 38 || code === 48) {
      const [colour, used] = extended(codes, i + 1);
      style[code === 38 ? 'fg' : 'bg'] = colour;
      i += used;
    }
  }
}

/** 256 and true colours come down to the sixteen that have a class. */
function extended(codes, at) {
  if (codes[at] === 2) return [nearest(codes[at + 1], codes[at + 2], codes[at + 3]), 4];
  if (codes[at] !== 5) return [null, 0];
  const n = codes[at + 1];
  if (n < 16) return [n, 2];
  if (n >= 232) return [nearest(...Array(3).fill((n - 232) * 10 + 8)), 2];
  const part = divisor => [0, 95, 135, 175, 215, 255][Math.floor((n - 16) / divisor) % 6];
  return [nearest(part(36), part(6), part(1)), 2];
}

function nearest(r, g, b) {
  const most = Math.max(r, g, b);
  if (!(most >= 48)) return 0;
  const bits = [r, g, b].reduce((sum, part, i) => sum | (part > most / 2 ? 1 << i : 0), 0);
  return bits === 7 ? (most > 200 ? 15 : most > 100 ? 7 : 8) : most > 170 ? bits + 8 : bits;
}
