// Beside the text: what is coded on the stretch at hand, why the machine suggests something, and memos.

import { byMachine, changeMemo, decide, isOpen, mine, move, once, remove, same, twinsOf, writeMemo } from "./actions.js";
import { button, fill, h } from "./dom.js";
import { colourOf, suggestionsOf } from "./draw.js";
import { language, nameOf, score, t } from "./labels.js";
import { codingsOn, may, store } from "./store.js";

export class Panel {
  constructor(cursor, dock) {
    this.cursor = cursor;
    this.dock = dock;
    this.element = h("aside", { class: "panel empty", tabindex: "-1" });
    this.element.addEventListener("click", (event) => {
      const card = event.target.closest("[data-coding]");
      if (card && !event.target.closest("button, textarea")) this.#choose(card.dataset.coding);
    });
  }

  /** Draw everything anew, but leave a memo alone that is being written. */
  draw() {
    if (this.element.querySelector("textarea:focus")) return;
    const held = document.activeElement?.dataset?.key;
    this.element.setAttribute("aria-label", t("here"));
    const { stretch } = this.cursor;
    this.element.classList.toggle("empty", !stretch);
    if (!stretch) {
      const only = store.texts.size === 1 ? [...store.texts.values()][0] : null;
      fill(this.element, h("p", { class: "hint" }, t("choose_stretch")), this.#keys(), only && this.#memos(only, null),
        only && this.#memoTool(only));
      return;
    }
    const codings = once(codingsOn(stretch));
    const text = store.texts.get(stretch.document);
    fill(
      this.element,
      button("×", () => this.cursor.set(null), { class: "icon put-away", "aria-label": t("close") }),
      h("blockquote", { class: "quote" }, shorten(this.cursor.said())),
      h("div", { class: "stretch-tools" },
        may("new_code") && this.#tool("in_vivo", "V"), may("memo") && this.#tool("memo", "M"), may("code") && this.#tool("play_code", "Enter")),
      codings.filter((one) => !isOpen(one)).map((one) => this.#card(one, text)),
      codings.some(isOpen) && h("h3", {}, t("suggestions")),
      codings.filter(isOpen).map((one) => this.#card(one, text)),
      !codings.length && h("p", { class: "hint" }, t("nothing_here")),
      this.#memos(text, null),
      this.#memoTool(text),
    );
    if (held) this.element.querySelector(`[data-key="${CSS.escape(held)}"]`)?.focus();
  }

  #memoTool({ id }) {
    if (!may("memo") || this.writing === id) return null;
    return h("div", { class: "tools" }, button(t("memo_document"), () => this.#edit(id), { "data-key": "memo-document" }));
  }

  #tool(name, key) {
    const does = { in_vivo: () => this.does.inVivo(), memo: () => this.memo(), play_code: () => this.dock.open() }[name];
    return h("button", { type: "button", class: "quiet", "data-key": name, on: { click: does } }, t(name), h("kbd", {}, key));
  }

  #choose(id) {
    const { stretch } = this.cursor;
    const coding = store.texts.get(stretch.document)?.codings.get(id);
    if (coding) this.cursor.choose(coding, true);
  }

  #card(coding, text) {
    const code = store.codes.get(coding.path);
    const open = isOpen(coding);
    const chosen = coding.id === this.cursor.coding;
    const key = (name) => ({ "data-key": `${name}-${coding.id}` });
    const tools = [];
    if (byMachine(coding) && open && may("decide")) {
      tools.push(button(t("accept"), () => decide(twinsOf(coding), "accepted"), { class: "yes", ...key("accept") }));
      tools.push(button(t("reject"), () => decide(twinsOf(coding), "rejected"), { class: "no", ...key("reject") }));
    }
    if (mine(coding)) {
      tools.push(button(t("recode"), () => this.dock.open((path) => this.does.recode(coding, path)), key("recode")));
      if (!open) tools.push(button(t("remove"), () => remove([coding]), key("remove")));
      if (!same(coding, this.cursor.stretch)) {
        tools.push(button(t("new_edges"), () => move(coding, this.cursor.stretch), key("edges")));
      }
    }
    if (may("memo")) tools.push(button(t("memo"), () => this.memo(coding), key("memo")));
    const definition = code?.definitions[language] ?? Object.values(code?.definitions ?? {})[0];
    return h("article",
      { class: `card${open ? " open" : ""}${chosen ? " chosen" : ""}`, "data-coding": coding.id, vars: { "--code": colourOf(coding.path) } },
      h("h4", {}, h("span", { class: "dot" }), code ? nameOf(code) : coding.path,
        h("span", { class: "group" }, code ? nameOf(code.group) : "")),
      definition && chosen && h("p", { class: "definition" }, definition),
      h("p", { class: "by" }, whoOf(coding)),
      open && coding.score != null && h("meter", { min: 0, max: 1, value: coding.score, "aria-label": t("score") }),
      coding.evidence && h("p", { class: "evidence" }, `${t("because")} `, h("q", {}, coding.evidence)),
      !same(coding, this.cursor.stretch) && h("button",
        { type: "button", class: "part", ...key("part"), on: { click: () => this.#choose(coding.id) } },
        shorten(text.text.slice(coding.start, coding.end), 90)),
      h("div", { class: "tools" }, tools),
      this.#memos(text, coding),
    );
  }

  /** What a coding is and why, in a few lines; or suggestions of one code. */
  explain([coding, ...more]) {
    const code = store.codes.get(coding.path);
    if (more.length) return [h("b", {}, code ? nameOf(code) : coding.path), h("span", { class: "by" }, suggestionsOf([coding, ...more]))];
    return [
      h("b", {}, code ? nameOf(code) : coding.path),
      h("span", { class: "by" }, isOpen(coding) ? `${t("suggestion")} · ${whoOf(coding)}` : whoOf(coding)),
      coding.evidence && h("span", { class: "evidence" }, `${t("because")} “${coding.evidence}”`),
    ];
  }

  #memos(text, coding) {
    const target = coding ? coding.id : text.id;
    const memos = [...text.memos.values()].filter((memo) => memo.target === target);
    const writing = this.writing === target;
    if (!memos.length && !writing) return null;
    return h("div", { class: "memos" },
      !coding && h("h3", {}, t("memos")),
      memos.map((memo) => (this.writing === memo.id
        ? this.#write(memo.text, (text) => changeMemo(memo, text))
        : h("p", { class: "memo" }, memo.text, h("small", {}, ` ${memo.coder}`),
          memo.coder === store.study.coder && may("memo") && button(t("edit"), () => this.#edit(memo.id), { "data-key": `edit-${memo.id}` })))),
      writing && this.#write("", (text) => writeMemo(coding ? "coding" : "document", target, text)));
  }

  #write(before, keep) {
    const close = () => {
      this.writing = null;
      this.element.querySelector("textarea")?.blur();
      this.draw();
      this.does.leave();
    };
    const save = async () => {
      const text = field.value.trim();
      if (text === before.trim() || (await keep(text))) close();
    };
    const field = h("textarea", { rows: 3, "aria-label": t("memo"), placeholder: t("memo_hint"), on: { keydown: (event) => {
      event.stopPropagation();
      if (event.key === "Escape") close();
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) save();
    } } }, before);
    return h("div", { class: "writing" }, field,
      h("div", { class: "tools" }, button(t("keep"), save, { class: "yes" }), button(t("cancel"), close)));
  }

  /** Write a memo on a coding, or without one on that at hand, or on the document. */
  memo(coding = null) {
    const { stretch } = this.cursor;
    if (!may("memo")) return;
    if (!stretch) {
      if (store.texts.size === 1) this.#edit([...store.texts.keys()][0]);
      return;
    }
    const text = store.texts.get(stretch.document);
    this.#edit((coding ?? text.codings.get(this.cursor.coding) ?? { id: text.id }).id);
  }

  #edit(id) {
    this.writing = id;
    this.draw();
    this.element.querySelector("textarea")?.focus();
  }

  #keys() {
    const keys = [["↓ ↑", "key_sentence"], ["⇧ ↓", "key_extend"], ["Enter", "key_type"], ["1–9", "key_number"], ["n", "key_next"], ["a  r", "key_decide"], ["?", "key_help"]]
      .filter(([, what]) => may("code") || ["key_sentence", "key_next", "key_help"].includes(what));
    return h("dl", { class: "keys" }, keys.flatMap(([key, what]) => [h("dt", {}, h("kbd", {}, key)), h("dd", {}, t(what))]));
  }
}

function whoOf(coding) {
  if (isOpen(coding)) return `${coding.coder} · ${score(coding.score)}`;
  if (byMachine(coding)) return t("accepted_by", { who: coding.decided_by || "?", machine: coding.coder });
  return coding.coder;
}

const shorten = (text, most = 220) => (text.length > most ? `${text.slice(0, most).trim()} …` : text);
