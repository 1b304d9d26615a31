// The one place where code points (the study) become UTF-16 units (the browser), and back.

import { firstWhere } from "./dom.js";

/** Places in one text. Only characters of two units make a difference; most texts have few. */
export class Offsets {
  constructor(text) {
    this.wide = []; // code point of each character of two units
    let point = 0;
    for (let unit = 0; unit < text.length; unit += 1, point += 1) {
      const code = text.charCodeAt(unit);
      if (code >= 0xd800 && code < 0xdc00) {
        this.wide.push(point);
        unit += 1;
      }
    }
  }

  /** Unit at which the character with this code point begins. */
  unit(point) {
    return point + firstWhere(this.wide, (wide) => wide >= point);
  }

  /** Code point of the character that begins at this unit, or that it is in. */
  point(unit) {
    let low = 0;
    let high = this.wide.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.wide[middle] + middle >= unit) high = middle;
      else low = middle + 1;
    }
    return unit - low;
  }
}

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });
const words = new Intl.Segmenter(undefined, { granularity: "word" });

/** Widen a stretch (in units) so that no emoji or accented letter is cut, and take spaces off its ends. */
export function snap(text, start, end) {
  const from = Math.max(0, start - 64);
  const to = Math.min(text.length, end + 64);
  const around = graphemes.segment(text.slice(from, to));
  const first = around.containing(start - from);
  if (first) start = from + first.index;
  const last = end > start ? around.containing(end - from - 1) : null;
  if (last) end = from + last.index + last.segment.length;
  while (start < end && /\s/.test(text[start])) start += 1;
  while (end > start && /\s/.test(text[end - 1])) end -= 1;
  return [start, end];
}

/** Where the next word (step 1) or the one before (step -1) has its "start" or "end", seen from a place. */
export function wordEdge(text, at, step, side) {
  const from = Math.max(0, at - 200);
  const to = Math.min(text.length, at + 200);
  const edges = [];
  for (const word of words.segment(text.slice(from, to))) {
    if (word.isWordLike) edges.push(from + word.index + (side === "end" ? word.segment.length : 0));
  }
  if (step > 0) return edges.find((edge) => edge > at) ?? to;
  return edges.findLast((edge) => edge < at) ?? from;
}
