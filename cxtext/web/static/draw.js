// Drawing one block: its line number, who speaks, the words with what is coded on them, and the codes in the margin.

import { isOpen, own } from "./actions.js";
import { fill, h, refill } from "./dom.js";
import { nameOf, score, t } from "./labels.js";
import { store } from "./store.js";

const MOST_LINES = 3;
const MOST_OPEN = 4; // suggestions of a block that are shown apart, or else codes into which they are folded

/** What stands in a block, without its codings; of an answer, the attributes that are columns. */
export function shellOf(block, index, text, survey, columns) {
  const turn = block.turn;
  const who = survey ? (turn?.case || text.name) : turn?.speaker;
  const head = block.first && (who || turn.time_start != null)
    ? h("div", { class: "who" }, h("span", { class: "speaker" }, who ?? ""), time(turn))
    : null;
  const line = survey ? index + 1 : block.line;
  return h(
    "div",
    { class: `block ${turn ? turn.role : "apart"}${block.first ? " first" : ""}`, "data-index": index },
    h("span", { class: "line", "aria-hidden": "true", "data-line": line || "" }),
    head,
    survey && columns.map((name) => h("span", { class: "attribute", "data-name": name }, text.attributes?.[name] ?? "")),
    h("p", { class: "said", lang: text.language || null }),
    h("div", { class: "stripes", "aria-hidden": "true" }),
    h("ul", { class: "chips" }),
  );
}

/** Draw what is coded in a block: its words in pieces, and its chips; `unfolded`: each suggestion apart. */
export function drawCodings(element, block, codings, chosen, unfolded) {
  fill(element.querySelector(".said"), piecesOf(store.texts.get(block.document).text, block, codings, chosen));
  drawChips(element, block, codings, chosen, unfolded);
}

/** Draw the chips of a block: each coding of people, and the suggestions, which are folded where they are many. */
export function drawChips(element, block, codings, chosen, unfolded) {
  const here = codings.filter((one) => one.start >= block.start);
  const open = here.filter(isOpen);
  const folds = open.length > MOST_OPEN && !unfolded ? folded(open) : open.map((one) => [one]);
  const first = unfolded ? folds : folds.filter((some, at) => at < MOST_OPEN || some.some((one) => one.id === chosen));
  const hidden = folds.length - first.length;
  refill(element.querySelector(".chips"),
    here.filter((one) => !isOpen(one)).map((one) => h("li", {}, chipOf([one], chosen))),
    first.map((some) => h("li", {}, chipOf(some, chosen))),
    open.length > MOST_OPEN && h("li", {}, h("button", { type: "button", class: "more", "data-key": "more", "aria-expanded": String(unfolded) },
      unfolded ? t("fold") : hidden ? t("more_codes", { n: hidden }) : t("unfold"))));
}

/** Suggestions by code, in the order of the codebook. */
function folded(open) {
  const order = [...store.codes.keys()];
  const paths = [...new Set(open.map((one) => one.path))].sort((a, b) => order.indexOf(a) - order.indexOf(b));
  return paths.map((path) => open.filter((one) => one.path === path));
}

/** Show in a block which coding is the one at hand. */
export function markChosen(element, id) {
  for (const piece of element.querySelectorAll(".coded")) piece.classList.toggle("chosen", piece.dataset.on.split(" ").includes(id));
}

/** How many suggestions, and how sure. */
export function suggestionsOf(codings) {
  const scores = codings.map((one) => one.score).sort((a, b) => a - b);
  return `${t("open_suggestions", { n: codings.length })}, ${score(scores[0])}–${score(scores.at(-1))}`;
}

/** Name, colour and state of a coding, or of suggestions of one code, on something that can be pressed. */
function chipOf(codings, chosen) {
  const at = codings.findIndex((one) => one.id === chosen);
  const coding = codings[(at + 1) % codings.length]; // pressing it goes from one to the next
  const code = store.codes.get(coding.path);
  const open = isOpen(coding);
  const by = own(coding) || open ? "" : initials(coding.coder);
  const name = code ? nameOf(code) : coding.path;
  const label = codings.length > 1
    ? [name, suggestionsOf(codings)]
    : [name, open ? `${t("suggestion")} ${score(coding.score)}` : "", own(coding) ? "" : coding.coder];
  return h(
    "button",
    {
      type: "button",
      class: `chip${open ? " open" : ""}${at >= 0 ? " chosen" : ""}`,
      "data-coding": coding.id,
      "data-all": codings.map((one) => one.id).join(" "),
      "data-key": `${open ? coding.path : coding.id} ${codings.length > 1 ? "" : coding.start}`,
      "aria-label": label.filter(Boolean).join(", "),
      "aria-pressed": at >= 0 ? "true" : "false",
      vars: { "--code": colourOf(coding.path) },
    },
    h("span", { class: "dot" }),
    h("span", { class: "name" }, name),
    codings.length > 1 && h("span", { class: "times" }, `×${codings.length}`),
    by ? h("span", { class: "by" }, by) : null,
  );
}

/** Colour of a code. */
export const colourOf = (path) => store.codes.get(path)?.colour ?? "#6b6480";

function piecesOf(text, block, codings, chosen) {
  const cuts = new Set([block.start, block.end]);
  for (const one of codings) {
    cuts.add(Math.max(block.start, one.start));
    cuts.add(Math.min(block.end, one.end));
  }
  const places = [...cuts].sort((a, b) => a - b);
  const pieces = [];
  for (let at = 0; at + 1 < places.length; at += 1) {
    const [start, end] = [places[at], places[at + 1]];
    const on = codings.filter((one) => one.start < end && start < one.end);
    const said = text.slice(start, end);
    pieces.push(on.length ? codedPiece(said, on, chosen) : said);
  }
  return pieces;
}

function codedPiece(said, on, chosen) {
  const sure = on.filter((one) => !isOpen(one));
  const lines = [...sure.slice(0, MOST_LINES), ...on.filter(isOpen).slice(0, 1)]; // one dashed line says that there are suggestions
  const piece = h("span", { class: `coded${sure.length ? " sure" : ""}${on.some((o) => o.id === chosen) ? " chosen" : ""}`, "data-on": on.map((o) => o.id).join(" ") }, said);
  piece.style.setProperty("--code", colourOf(lines[0].path));
  piece.style.backgroundImage = lines.map((one) => lineOf(one)).join(", ");
  piece.style.backgroundPosition = lines.map((one, at) => `0 calc(100% - ${at * 3}px)`).join(", ");
  return piece;
}

function lineOf(coding) {
  const shown = `color-mix(in oklab, ${colourOf(coding.path)}, var(--lift) var(--lift-by))`;
  return isOpen(coding)
    ? `repeating-linear-gradient(90deg, color-mix(in oklab, ${shown} 65%, transparent) 0 3px, transparent 3px 7px)`
    : `linear-gradient(${shown}, ${shown})`;
}

const initials = (name) => name.split(/\s+/).map((word) => word[0]).join("").slice(0, 3).toUpperCase();

function time(turn) {
  if (turn.time_start == null) return null;
  const seconds = Math.floor(turn.time_start);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const shown = (parts[0] ? parts : parts.slice(1)).map((part) => String(part).padStart(2, "0")).join(":");
  return h("time", {}, shown);
}
