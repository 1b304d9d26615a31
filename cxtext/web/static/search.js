// Search in the whole study, with what stands around each hit.

import { get } from "./api.js";
import { button, fill, h, later } from "./dom.js";
import { t } from "./labels.js";
import { codeMark } from "./places.js";
import { store } from "./store.js";

let dialog = null;

/** Open the search, over whatever is open. */
export function openSearch() {
  if (dialog?.open) return;
  dialog?.remove();
  const hits = h("ol", { class: "hits" });
  const count = h("p", { class: "hint", role: "status" });
  const look = later(() => search(field.value, hits, count), 250);
  const field = h("input", { type: "search", class: "words", "aria-label": t("search"), placeholder: t("search_hint"), on: { input: look } });
  dialog = h("dialog", { class: "search", "aria-label": t("search") },
    h("div", { class: "dialog-head" }, field, button(t("close"), () => dialog.close(), { class: "quiet" })), count, hits);
  document.body.append(dialog);
  dialog.showModal();
  field.focus();
}

async function search(words, hits, count) {
  if (!words.trim()) {
    fill(hits);
    fill(count);
    return;
  }
  try {
    const answer = await get("search", { words });
    fill(count, answer.hits.length >= answer.most ? t("first_hits", { n: answer.most }) : t("hits", { n: answer.hits.length }));
    fill(hits, answer.hits.map((hit) => h("li", {}, h("a", { href: addressOf(hit), on: { click: () => dialog.close() } },
      h("span", { class: "where" }, [hit.name, hit.speaker].filter(Boolean).join(" · ")),
      h("span", { class: "context" }, before(hit), h("mark", {}, hit.match), after(hit)),
      hit.codes && h("span", { class: "codes" }, hit.codes.split("; ").map((path) => codeMark(path)))))));
  } catch (error) {
    fill(count, error.message);
    fill(hits);
  }
}

// places in a hit are code points
const points = (hit) => [...hit.text];
const before = (hit) => points(hit).slice(0, hit.start - hit.text_start).join("");
const after = (hit) => points(hit).slice(hit.end - hit.text_start).join("");

function addressOf(hit) {
  const row = store.study.documents.find((one) => one.id === hit.document);
  const [part, name] = row.kind === "survey" ? ["answers", row.source] : ["text", row.id];
  return `#/${part}/${encodeURIComponent(name)}?${new URLSearchParams({ document: hit.document, at: `${hit.start}-${hit.end}` })}`;
}
