// The words on the page, in Dutch or English.

let texts = {};
export let language = "nl";

/** Load the texts of a language. */
export async function loadLabels(wanted) {
  language = wanted === "en" ? "en" : "nl";
  texts = await (await fetch(`/static/texts.${language}.json`)).json();
  document.documentElement.lang = language;
}

/** Text of a key, with values filled in; of {one, many}, the form for `n`. */
export function t(key, values = {}) {
  let text = texts[key] ?? key;
  if (typeof text === "object") text = values.n === 1 ? text.one : text.many;
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? format(values[name]) : whole));
}

/** Name of a code or a group in the language of the page. */
export function nameOf(named) {
  return named.names[language] ?? named.names.en ?? named.names.nl ?? named.id;
}

/** A score with two digits, as the language writes it. */
export function score(value) {
  return value == null ? "" : value.toLocaleString(language, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

function format(value) {
  return typeof value === "number" ? value.toLocaleString(language) : String(value);
}
