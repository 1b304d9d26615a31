// The stretch at hand: chosen by mouse, finger or keys, and shown in the text.

import { firstWhere, later } from "./dom.js";
import { snap, wordEdge } from "./offsets.js";
import { store, tell } from "./store.js";

export class Cursor {
  constructor(reader) {
    this.reader = reader;
    this.stretch = null; // {document, start, end} in units
    this.whole = false; // whether the keys go from answer to answer
    this.coding = null; // id of the coding at hand
    this.marked = []; // blocks that it is in
    this.mark = typeof Highlight === "function" ? new Highlight() : null;
    if (this.mark) CSS.highlights.set("at-hand", this.mark);
    const container = reader.container;
    container.addEventListener("pointerup", () => setTimeout(() => this.#taken(false), 0));
    // a tap of a finger puts the caret after its pointerup, and before its click
    container.addEventListener("click", (event) => event.target.closest("button") || this.#taken(true));
    const dragged = later(() => this.#taken(false), 350); // a finger, or the browser's own keys
    document.addEventListener("selectionchange", () => {
      if (document.getSelection()?.isCollapsed === false) dragged();
    });
  }

  /** Make a stretch the one at hand. */
  set(stretch, { coding = null, reveal = false } = {}) {
    const document = stretch?.document ?? this.stretch?.document;
    this.stretch = stretch;
    if (coding !== this.coding) {
      this.coding = coding;
      this.reader.choose(coding, document);
    }
    if (reveal && stretch) this.reader.reveal(stretch, reveal === true ? "nearest" : reveal);
    this.paint();
    tell("cursor", stretch);
  }

  /** Show the stretch; the text under it may have been drawn again. */
  paint() {
    this.mark?.clear();
    const range = this.stretch && this.reader.range(this.stretch);
    if (range && this.mark) this.mark.add(range);
    this.reader.container.classList.toggle("at-hand", Boolean(this.stretch));
    for (const old of this.marked) old.classList.remove("here");
    this.marked = this.stretch ? this.reader.places.of(this.stretch).map((at) => this.reader.element(at)) : [];
    for (const element of this.marked) element.classList.add("here");
  }

  /** Choose a coding with its stretch. */
  choose(coding, reveal = false) {
    this.set({ document: coding.document, start: coding.start, end: coding.end }, { coding: coding.id, reveal });
  }

  /** Take over what was selected in the browser; a click takes the sentence. */
  #taken(click) {
    const selection = document.getSelection();
    if (!selection?.rangeCount) return;
    const range = selection.getRangeAt(0);
    const from = this.reader.placeOf(range.startContainer, range.startOffset);
    if (!from) return;
    if (selection.isCollapsed) {
      if (click) this.set(this.sentence(from.document, from.at));
      return;
    }
    const to = this.reader.placeOf(range.endContainer, range.endOffset);
    const last = !to || to.document !== from.document ? { at: this.#endOf(from) } : to;
    const [start, end] = snap(store.texts.get(from.document).text, from.at, last.at);
    const now = this.stretch;
    if (start < end && !(now && now.document === from.document && now.start === start && now.end === end)) {
      this.set({ document: from.document, start, end });
    }
  }

  #endOf({ document, at }) {
    return this.reader.blocks[this.reader.places.after(document, at)]?.end ?? at;
  }

  /** What the keys go by: sentences, or whole answers. */
  units(text) {
    return this.whole ? text.turns : text.segments;
  }

  /** Sentence (or answer) at a place: a segment, or the block where there is none. */
  sentence(document, at) {
    const segments = this.units(store.texts.get(document));
    const one = segments[firstWhere(segments, (segment) => segment.end > at)];
    if (one && one.start <= at) return { document, start: one.start, end: one.end };
    const block = this.reader.blocks[this.reader.places.after(document, at)] ?? this.reader.blocks[0];
    const [start, end] = snap(store.texts.get(document).text, block.start, block.end);
    return { document, start, end };
  }

  /** All sentences, in the order of the page. */
  *#sentences(step) {
    const order = [...store.texts.values()];
    const from = this.stretch;
    let at = from ? order.findIndex((text) => text.id === from.document) : step > 0 ? 0 : order.length - 1;
    for (; at >= 0 && at < order.length; at += step) {
      const [id, segments] = [order[at].id, this.units(order[at])];
      const here = id === from?.document;
      let next = step > 0
        ? (here ? firstWhere(segments, (one) => one.start >= from.end) : 0)
        : (here ? firstWhere(segments, (one) => one.end > from.start) : segments.length) - 1;
      for (; next >= 0 && next < segments.length; next += step) {
        yield { document: id, start: segments[next].start, end: segments[next].end };
      }
    }
  }

  /** Go to the next sentence (1) or the one before (-1) for which a test holds. */
  go(step, test = () => true) {
    for (const sentence of this.#sentences(step)) {
      if (!test(sentence)) continue;
      document.getSelection()?.removeAllRanges();
      this.set(sentence, { reveal: true });
      return true;
    }
    return false;
  }

  /** Make the stretch longer or shorter by a sentence at its end. */
  extend(step) {
    if (!this.stretch) return void this.go(step);
    const { document, start, end } = this.stretch;
    const segments = this.units(store.texts.get(document));
    if (step > 0) {
      const next = segments[firstWhere(segments, (one) => one.end > end)];
      if (next) this.set({ document, start, end: next.end }, { reveal: true });
    } else {
      const before = segments[firstWhere(segments, (one) => one.end >= end) - 1];
      if (before && before.end > start) this.set({ document, start, end: before.end }, { reveal: true });
    }
  }

  /** Move an edge of the stretch by a word. */
  edge(which, step) {
    if (!this.stretch) return;
    const { text } = store.texts.get(this.stretch.document);
    const place = { ...this.stretch, [which]: wordEdge(text, this.stretch[which], step, which) };
    if (place.start < place.end) this.set(place, { coding: this.coding, reveal: true });
  }

  /** What is said in the stretch. */
  said() {
    if (!this.stretch) return "";
    return store.texts.get(this.stretch.document).text.slice(this.stretch.start, this.stretch.end);
  }
}
