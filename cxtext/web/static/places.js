// Where things are: addresses of quotes, and of places in the text.

import { h } from "./dom.js";
import { nameOf } from "./labels.js";
import { store } from "./store.js";

/** Address of a stretch in its document. */
export function placeOf({ document, start, end }) {
  const row = store.study.documents.find((one) => one.id === document);
  const [part, name] = row?.kind === "survey" ? ["answers", row.source] : ["text", document];
  return `#/${part}/${encodeURIComponent(name)}?${new URLSearchParams({ document, at: `${start}-${end}` })}`;
}

/** Address of a whole document. */
export function wholeOf(document) {
  const row = store.study.documents.find((one) => one.id === document);
  return row?.kind === "survey" ? placeOf({ document, start: 0, end: row.signs }) : `#/text/${encodeURIComponent(document)}`;
}

/** Address of the quotes that pass filters; empty ones are left out. */
export function quotesAt(filters) {
  const some = Object.entries(filters).filter(([, value]) => value !== "" && value != null);
  return `#/see/quotes?${new URLSearchParams(some)}`;
}

/** Name of a document. */
export const documentName = (id) => store.study.documents.find((one) => one.id === id)?.name ?? id;

/** Who said something, and where: "Anneke · groep_3", or the respondent of an answer, which is called so itself. */
export function saidBy({ respondent, name }) {
  const own = respondent.split("/").pop();
  return !own || own === name ? respondent || name : `${own} · ${name}`;
}

/** A code with its colour and name. */
export function codeMark(path) {
  const code = store.codes.get(path);
  return h("span", { class: "code-mark", vars: { "--code": code?.colour ?? "" } },
    h("span", { class: "dot", "aria-hidden": "true" }), code ? nameOf(code) : path);
}

/** A select with options [value, text], or groups of them {label, options}. */
export function choice(label, options, value, does, props = {}) {
  const option = ([one, text]) => h("option", { value: one, selected: one === value }, text);
  const select = h("select", { ...props, on: { change: () => does(select.value) } },
    options.map((one) => (Array.isArray(one) ? option(one) : h("optgroup", { label: one.label }, one.options.map(option)))));
  return h("label", { class: "choice" }, h("span", {}, label), select);
}

/** Codes of the codebook as options, by group; only those for which a test holds. */
export function codeOptions(test = () => true) {
  return store.groups
    .map((group) => ({ label: nameOf(group), options: group.codes.filter((code) => test(code.path)).map((code) => [code.path, nameOf(code)]) }))
    .filter((group) => group.options.length);
}
