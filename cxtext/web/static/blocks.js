// A text cut into the blocks that are drawn: a line of a turn each, or a survey answer.

import { firstWhere } from "./dom.js";

const LONGEST = 1500; // units; a longer line is drawn as several blocks

/** Blocks of some documents: document, start, end (units), line (0: it goes on), turn, first (of its turn). */
export function blocksOf(texts) {
  return texts.flatMap((text) => linesOf(text));
}

function linesOf(text) {
  const blocks = [];
  let line = 0;
  let at = 0;
  let turn = 0;
  let last = null;
  for (const said of text.text.split("\n")) {
    line += 1;
    const [from, to] = [at, at + said.length];
    at = to + 1;
    if (!said.trim()) continue;
    let number = line;
    while (turn < text.turns.length && text.turns[turn].end <= from) turn += 1;
    let place = from;
    let next = turn;
    while (place < to) {
      const here = text.turns[next];
      const inside = here && here.start <= place;
      const end = Math.min(to, here ? (inside ? here.end : here.start) : to);
      if (inside && here.end <= place) {
        next += 1;
        continue;
      }
      for (const [start, stop] of pieces(text, place, end)) {
        if (!text.text.slice(start, stop).trim()) continue;
        const own = inside ? here : null;
        blocks.push({ document: text.id, start, end: stop, line: number, turn: own, first: own !== null && own !== last });
        last = own ?? last;
        number = 0;
      }
      place = end;
      if (inside) next += 1;
    }
  }
  return blocks;
}

/** Parts of a line that is too long, cut where a segment begins. */
function* pieces(text, start, end) {
  let from = start;
  while (end - from > LONGEST) {
    const at = firstWhere(text.segments, (one) => one.start > from + LONGEST) - 1;
    const cut = at >= 0 && text.segments[at].start > from ? text.segments[at].start : from + LONGEST;
    yield [from, cut];
    from = cut;
  }
  if (from < end) yield [from, end];
}

/** Finds blocks by their place, and keeps which codings touch which block. */
export class Places {
  constructor(texts, blocks) {
    this.blocks = blocks;
    this.range = new Map(); // document: first block and the one after its last
    blocks.forEach((block, index) => {
      const range = this.range.get(block.document);
      if (range) range[1] = index + 1;
      else this.range.set(block.document, [index, index + 1]);
    });
    this.touching = blocks.map(() => new Set());
    for (const text of texts) for (const coding of text.codings.values()) this.add(coding);
  }

  /** Indexes of the blocks that a stretch touches. */
  of({ document, start, end }) {
    const [low, high] = this.range.get(document) ?? [0, 0];
    const found = [];
    for (let at = this.after(document, start); at < high && this.blocks[at].start < end; at += 1) found.push(at);
    return found.length || low === high ? found : [Math.min(this.after(document, start), high - 1)];
  }

  /** Index of the first block of a document that ends after a place. */
  after(document, place) {
    const [low, high] = this.range.get(document) ?? [0, 0];
    let [from, to] = [low, high];
    while (from < to) {
      const middle = (from + to) >> 1;
      if (this.blocks[middle].end > place) to = middle;
      else from = middle + 1;
    }
    return from;
  }

  add(coding) {
    for (const at of this.of(coding)) this.touching[at].add(coding.id);
  }

  remove(coding) {
    for (const at of this.of(coding)) this.touching[at].delete(coding.id);
  }
}
