// The text on the page: drawn in chunks, those in sight first, so that a document of any length opens at once.

import { once } from "./actions.js";
import { blocksOf, Places } from "./blocks.js";
import { drawChips, drawCodings, markChosen, shellOf } from "./draw.js";
import { firstWhere, h } from "./dom.js";
import { store } from "./store.js";
import { drawStripes } from "./stripes.js";

const CHUNK = 24; // blocks
const HEIGHT = 84; // of a block that is not drawn yet, in pixels
const idle = window.requestIdleCallback ?? ((call) => setTimeout(() => call({ timeRemaining: () => 8 }), 16));

export class Reader {
  constructor(container) {
    this.container = container;
    this.chosen = null; // id of the coding at hand
    this.suggestions = true; // whether suggestions are shown
    this.unfolded = new Set(); // indexes of the blocks in which each suggestion is shown apart
    this.inSight = new Set();
    this.watch = new IntersectionObserver((entries) => this.#seen(entries), { rootMargin: "900px 0px" });
    this.widths = new ResizeObserver(() => {
      this.measured?.fill(null);
      this.inSight.forEach((chunk) => this.#stripes(chunk));
    });
    this.widths.observe(container);
    addEventListener("scroll", () => this.#reached(), { passive: true });
    container.addEventListener("contentvisibilityautostatechange", ({ target, skipped }) => skipped && this.#left(target));
  }

  /** Draw what was scrolled to before it is painted: what watches is told only after that. */
  #reached() {
    if (!this.chunks?.length || !this.container.isConnected) return;
    const below = (edge) => (one) => one.chunk.getBoundingClientRect().bottom > edge;
    for (let at = firstWhere(this.chunks, below(0)); at < this.chunks.length; at += 1) {
      const one = this.chunks[at];
      if (one.drawn && this.inSight.has(one)) continue;
      if (one.chunk.getBoundingClientRect().top > innerHeight) break;
      this.#draw(one);
    }
  }

  /** Show documents from their beginning; answers with some attributes as columns. */
  show(texts, survey, columns = []) {
    this.watch.disconnect();
    this.inSight.clear();
    this.unfolded.clear();
    this.texts = texts;
    this.survey = survey;
    this.columns = columns;
    this.blocks = blocksOf(texts);
    this.places = new Places(texts, this.blocks);
    this.elements = [];
    this.measured = new Array(this.blocks.length).fill(null); // where the codings of a block are, when it was measured
    this.chunks = [];
    for (let from = 0; from < this.blocks.length; from += CHUNK) {
      const to = Math.min(from + CHUNK, this.blocks.length);
      const chunk = h("div", { class: "chunk" });
      chunk.style.containIntrinsicSize = `auto ${(to - from) * HEIGHT}px`;
      this.chunks.push({ chunk, from, to, drawn: false });
    }
    this.container.replaceChildren(...this.chunks.map((one) => one.chunk));
    this.container.classList.toggle("survey", survey);
    this.container.parentElement.classList.toggle("of-answers", survey);
    this.container.parentElement.style.setProperty("--columns", columns.length ? `repeat(${columns.length}, 5.6rem)` : "");
    this.byChunk = new Map(this.chunks.map((one) => [one.chunk, one]));
    if (this.chunks.length) this.#draw(this.chunks[0]);
    for (const one of this.chunks) this.watch.observe(one.chunk);
    this.#rest(this.chunks, 0);
  }

  /** Draw the chunks that were not in sight when there is time. */
  #rest(chunks, at) {
    idle((deadline) => {
      if (chunks !== this.chunks) return;
      do {
        if (at >= chunks.length) return;
        this.#draw(chunks[at]);
        at += 1;
      } while (deadline.timeRemaining() > 4);
      this.#rest(chunks, at);
    });
  }

  #seen(entries) {
    for (const entry of entries) {
      const one = this.byChunk.get(entry.target);
      if (!one) continue;
      if (entry.isIntersecting) {
        this.#draw(one);
        this.inSight.add(one);
        this.#stripes(one);
      } else {
        this.inSight.delete(one);
      }
    }
  }

  /** Put the lines of a chunk that is far out of sight in anew: the browser forgets where each of their letters was. */
  #left(chunk) {
    const { anchorNode, focusNode } = window.document.getSelection();
    const held = [anchorNode, focusNode, window.document.activeElement].some((node) => chunk.contains(node));
    if (!held && !chunk.querySelector(".here")) chunk.replaceChildren(...chunk.childNodes);
  }

  #draw(one) {
    if (one.drawn) return;
    one.drawn = true;
    const rows = [];
    for (let at = one.from; at < one.to; at += 1) {
      const block = this.blocks[at];
      this.elements[at] = shellOf(block, at, store.texts.get(block.document), this.survey, this.columns);
      this.#codings(at);
      rows.push(this.elements[at]);
    }
    one.chunk.replaceChildren(...rows);
  }

  #codings(at) {
    this.measured[at] = null;
    const block = this.blocks[at];
    drawCodings(this.elements[at], block, this.codingsIn(at), this.chosen, this.unfolded.has(at));
  }

  #chips(at) {
    drawChips(this.elements[at], this.blocks[at], this.codingsIn(at), this.chosen, this.unfolded.has(at));
  }

  /** Show each suggestion of a block apart, or fold them again. */
  fold(at) {
    if (!this.unfolded.delete(at)) this.unfolded.add(at);
    this.#chips(at);
  }

  #stripes(one) {
    requestAnimationFrame(() => {
      if (one.drawn && this.inSight.has(one)) drawStripes(this, one.from, one.to);
    });
  }

  /** What is shown as coded in a block, in the order of the text. */
  codingsIn(at) {
    const { codings } = store.texts.get(this.blocks[at].document);
    return once([...this.places.touching[at]]
      .map((id) => codings.get(id))
      .filter((one) => one && one.status !== "rejected" && (this.suggestions || one.status !== "suggested")))
      .sort((a, b) => a.start - b.start || b.end - a.end || a.path.localeCompare(b.path));
  }

  /** Draw blocks again whose codings changed. */
  redraw(indexes) {
    const chunks = new Set();
    for (const at of indexes) {
      const one = this.chunks[Math.floor(at / CHUNK)];
      if (!one?.drawn) continue;
      this.#codings(at);
      chunks.add(one);
    }
    for (const one of chunks) this.#stripes(one);
  }

  /** Draw everything again. */
  redrawAll() {
    this.redraw((this.blocks ?? []).keys());
  }

  /** Take over changed codings. */
  update(touched) {
    const indexes = new Set();
    for (const { before, after } of touched) {
      if (before) {
        this.places.of(before).forEach((at) => indexes.add(at));
        this.places.remove(before);
      }
      if (after) {
        this.places.add(after);
        this.places.of(after).forEach((at) => indexes.add(at));
      }
    }
    this.redraw(indexes);
  }

  /** Make a coding the one at hand, or (null) none; the words stay, so that a selection in them does. */
  choose(id, document) {
    const codings = store.texts.get(document)?.codings;
    const both = [this.chosen, id].map((one) => one && codings?.get(one)).filter(Boolean);
    this.chosen = id;
    const chunks = new Set();
    for (const at of new Set(both.flatMap((one) => this.places.of(one)))) {
      const one = this.chunks[Math.floor(at / CHUNK)];
      if (one.drawn) chunks.add(one), markChosen(this.elements[at], id), this.#chips(at);
    }
    for (const one of chunks) this.#stripes(one);
  }

  /** Element of a block, drawn. */
  element(at) {
    this.#draw(this.chunks[Math.floor(at / CHUNK)]);
    return this.elements[at];
  }

  /** Range in the page of a stretch. */
  range({ document, start, end }) {
    const indexes = this.places.of({ document, start, end });
    if (!indexes.length) return null;
    const range = window.document.createRange();
    range.setStart(...this.#node(indexes[0], start));
    range.setEnd(...this.#node(indexes.at(-1), end));
    return range;
  }

  #node(at, unit) {
    const block = this.blocks[at];
    let left = Math.max(0, Math.min(unit, block.end) - block.start);
    const walker = window.document.createTreeWalker(this.element(at).querySelector(".said"), NodeFilter.SHOW_TEXT);
    let node = walker.nextNode();
    while (node && left > node.length) {
      left -= node.length;
      node = walker.nextNode();
    }
    return [node ?? this.elements[at].querySelector(".said"), node ? left : 0];
  }

  /** Document and unit of a place in the page; null where it is not in the text. */
  placeOf(node, offset) {
    const element = (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement)?.closest(".block");
    if (!element || !this.container.contains(element)) return null;
    const block = this.blocks[Number(element.dataset.index)];
    const said = element.querySelector(".said");
    const before = window.document.createRange();
    before.selectNodeContents(said);
    const side = before.comparePoint(node, offset);
    if (side < 0) return { document: block.document, at: block.start };
    if (side > 0 || !said.contains(node)) return { document: block.document, at: block.end };
    before.setEnd(node, offset);
    return { document: block.document, at: block.start + before.toString().length };
  }

  /** Bring a stretch into sight; its block may be higher than the screen. */
  reveal(stretch, where = "nearest") {
    const [at] = this.places.of(stretch);
    if (at === undefined) return;
    this.element(at).scrollIntoView({ block: where, behavior: "instant" });
    if (!this.sees(stretch)) scrollBy(0, this.range(stretch).getBoundingClientRect().top - innerHeight / 4);
  }

  /** Whether a stretch is on the screen, within the room that scrolling leaves free. */
  sees(stretch) {
    const { scrollPaddingTop, scrollPaddingBottom } = getComputedStyle(window.document.documentElement);
    const { top, bottom } = this.range(stretch).getBoundingClientRect();
    return bottom > parseFloat(scrollPaddingTop) && top < innerHeight - parseFloat(scrollPaddingBottom);
  }
}
