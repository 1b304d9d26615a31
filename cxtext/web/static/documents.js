// The list of what can be read: transcripts one by one, survey answers by file.

import { fill, h } from "./dom.js";
import { t } from "./labels.js";
import { store } from "./store.js";

/** What can be opened: {hash, name, which, coded, open, finished, n}. */
export function entries() {
  const found = [];
  const surveys = new Map();
  for (const one of store.study.documents) {
    if (one.kind !== "survey") {
      found.push({ ...one, which: { document: one.id }, hash: `#/text/${encodeURIComponent(one.id)}`, n: 1, done: one.finished ? 1 : 0 });
      continue;
    }
    let entry = surveys.get(one.source);
    if (!entry) {
      const name = one.source.split(/[\\/]/).pop();
      entry = { name, which: { source: one.source }, hash: `#/answers/${encodeURIComponent(one.source)}`, survey: true, coded: 0, open: 0, n: 0, done: 0 };
      surveys.set(one.source, entry);
      found.push(entry);
    }
    entry.coded += one.coded;
    entry.open += one.open;
    entry.n += 1;
    entry.done += one.finished ? 1 : 0;
  }
  return found;
}

const marks = new Map(); // address: what stands in the list for it

/** Draw the list; the open one is marked. */
export function drawDocuments(element, filter, opened) {
  const wanted = filter.toLowerCase();
  const shown = entries().filter((one) => one.name.toLowerCase().includes(wanted));
  marks.clear();
  fill(element, shown.map((one) => {
    const counts = h("span", { class: "counts" }, countsOf(one));
    const link = h("a", { href: one.hash, "aria-current": one.hash === opened ? "page" : null, class: one.done === one.n ? "done" : "" },
      h("span", { class: "name" }, one.name), counts);
    marks.set(one.hash, counts);
    return h("li", {}, link);
  }));
  if (!shown.length) fill(element, h("li", { class: "hint" }, t("no_documents")));
}

/** Write down the numbers that changed. */
export function countDocuments() {
  for (const one of entries()) {
    const mark = marks.get(one.hash);
    const text = countsOf(one);
    if (mark && mark.textContent !== text) mark.textContent = text;
  }
}

function countsOf(one) {
  const counts = [
    one.survey ? t("answers", { n: one.n }) : null,
    one.coded ? t("codings", { n: one.coded }) : null,
    one.open ? t("open_suggestions", { n: one.open }) : null,
  ];
  return counts.filter(Boolean).join(" · ") || t("untouched");
}
