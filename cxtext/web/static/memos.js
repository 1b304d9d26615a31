// Memos: beside what they are about, and all of the study together.

import { changeMemo, writeMemo } from "./actions.js";
import { get } from "./api.js";
import { button, fill, h } from "./dom.js";
import { language, nameOf, t } from "./labels.js";
import { codeMark, documentName, placeOf, wholeOf } from "./places.js";
import { may, on, store, tell } from "./store.js";

/** Memos on one thing, those of one's own to change, and a field for another one. */
export class MemoBox {
  constructor(about, target) {
    this.about = about;
    this.target = target;
    this.rows = [];
    this.edited = null; // id of the memo that is being changed
    this.list = h("div", { class: "memos" });
    this.field = h("textarea", { rows: 2, class: "field", "data-key": "memo", placeholder: t("memo_add"), "aria-label": t("memo_add"), on: { keydown: (event) => this.#key(event, () => this.#add()) } });
    this.element = h("div", { class: "memo-box" }, this.list, may("memo") && [this.field,
      h("div", { class: "tools" }, button(t("keep"), () => this.#add(), { "data-key": "memo-keep" }))]);
  }

  /** Show memos, of all that there are. */
  show(memos) {
    this.rows = memos.filter((memo) => memo.about === this.about && memo.target === this.target);
    this.#draw();
  }

  #draw() {
    fill(this.list, this.rows.map((memo) => (this.edited === memo.id ? this.#editor(memo) : memoOf(memo, () => this.#edit(memo.id)))));
  }

  #edit(id) {
    this.edited = id;
    this.#draw();
    this.list.querySelector("textarea")?.focus();
  }

  #editor(memo) {
    const done = () => { this.edited = null; this.#draw(); };
    const keep = async () => { if (field.value.trim() === memo.text || (await changeMemo(memo, field.value.trim()))) done(); };
    const field = h("textarea", { rows: 3, class: "field", "aria-label": t("memo"), on: { keydown: (event) => this.#key(event, keep, done) } }, memo.text);
    return h("div", { class: "writing" }, field, h("div", { class: "tools" }, button(t("keep"), keep, { class: "yes" }), button(t("cancel"), done)));
  }

  async #add() {
    const text = this.field.value.trim();
    if (text && (await writeMemo(this.about, this.target, text))) this.field.value = "";
  }

  #key(event, keep, leave) {
    event.stopPropagation();
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) keep();
    if (event.key === "Escape" && leave) {
      event.preventDefault();
      leave();
    }
  }
}

/** A memo, with a way to change it where it is one's own. */
export function memoOf(memo, edit) {
  return h("p", { class: "memo" }, memo.text, h("small", {}, ` ${memo.coder}`),
    memo.coder === store.study.coder && edit && may("memo") && button(t("edit"), edit, { "data-key": `edit-${memo.id}` }));
}

let reload = null; // of the dialog that was opened last
on("memos", () => reload?.());

/** All memos of the study, those on the study itself first. */
export function openMemos() {
  if (document.querySelector("dialog[open]")) return;
  const box = new MemoBox("study", "");
  const others = h("ul", { class: "memo-list" });
  const dialog = h("dialog", { class: "memo-dialog", "aria-label": t("all_memos"), on: { close: () => dialog.remove() } },
    h("div", { class: "dialog-head" }, h("h2", {}, t("all_memos")), button(t("close"), () => dialog.close(), { class: "quiet" })),
    h("div", { class: "dialog-body" }, h("h3", {}, t("memo_study")), box.element, h("h3", {}, t("memo_others")), others));
  const load = async () => {
    if (!dialog.isConnected) return;
    try {
      const { memos } = await get("memos");
      box.show(memos);
      const rest = memos.filter((memo) => memo.about !== "study");
      fill(others, rest.map((memo) => entry(memo, () => dialog.close())), !rest.length && h("li", { class: "hint" }, t("no_memos")));
    } catch (error) {
      tell("trouble", error);
    }
  };
  reload = load;
  document.body.append(dialog);
  dialog.showModal();
  load();
}

/** One memo with what it is about, which it leads to. */
function entry(memo, leave) {
  const code = memo.about === "code" ? memo.target : memo.code && `${memo.group}/${memo.code}`;
  const href = { code: () => `#/codebook/${encodeURIComponent(memo.target)}`, document: () => wholeOf(memo.target), coding: () => memo.document && placeOf(memo) }[memo.about]();
  const named = memo.about === "code" ? nameOf(store.codes.get(memo.target) ?? { id: memo.target, names: {} }) : documentName(memo.document ?? memo.target);
  const at = new Date(memo.created).toLocaleDateString(language, { dateStyle: "medium" });
  return h("li", {},
    h("p", { class: "where" }, href ? h("a", { href, on: { click: leave } }, named) : t("memo_gone"), memo.about === "coding" && code && codeMark(code), h("span", {}, `${memo.coder} · ${at}`)),
    memo.quote && h("q", {}, memo.quote.length > 160 ? `${memo.quote.slice(0, 160)} …` : memo.quote),
    h("p", { class: "memo" }, memo.text));
}
