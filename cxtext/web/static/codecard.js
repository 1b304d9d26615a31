// One code: its name, what it means, when it holds and when not, its colour, and what was said of the text about it.

import { get } from "./api.js";
import { button, fill, h, later } from "./dom.js";
import { language, nameOf, t } from "./labels.js";
import { MemoBox } from "./memos.js";
import { saidBy } from "./places.js";
import { may, on, store, tell } from "./store.js";

const KINDS = ["examples", "counter_examples"];

export class CodeCard {
  /** state: {usage, colours, chosen}; does: edit, add, move, merge, remove, back */
  constructor(state, does) {
    this.state = state;
    this.does = does;
    this.quotes = { path: null, rows: [] };
    this.element = h("aside", { class: "code-card", tabindex: "-1" });
    this.load = later(() => this.#load(), 120);
    this.memos = null; // those on the code, written beside it
    on("memos", () => this.#memos());
  }

  /** Whether something is being written that is not kept yet. */
  busy() {
    return [...this.element.querySelectorAll("[data-field], .memo-box textarea")].some((field) => field.value !== field.defaultValue);
  }

  /** Keep what is being written. */
  leave() {
    if (this.element.contains(document.activeElement)) document.activeElement.blur();
  }

  focus() {
    this.element.querySelector("[data-key=name]")?.focus();
  }

  /** Go and write the name. */
  name() {
    const field = this.element.querySelector("[data-key=name]");
    field?.focus();
    field?.select();
  }

  /** Draw everything anew, unless something is being written. */
  draw() {
    const path = this.state.chosen;
    const code = store.codes.get(path);
    if (this.drawn === path && this.busy()) return;
    this.element.setAttribute("aria-label", code ? nameOf(code) : t("code"));
    if (!code) {
      this.drawn = null;
      fill(this.element, h("p", { class: "hint empty" }, t("choose_code")));
      return;
    }
    const held = this.element.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    this.drawn = path;
    fill(this.element, this.#head(code), this.#definition(code), may("code_edit") && this.#colours(code),
      KINDS.map((kind) => this.#examples(code, kind)), this.#memo(path), this.#said(code));
    if (held) this.element.querySelector(`[data-key="${CSS.escape(held)}"]`)?.focus();
    if (this.quotes.path !== path) this.load();
    else if (this.counted !== this.state.usage[path]?.codings) this.load();
  }

  #head(code) {
    const used = this.state.usage[code.path];
    const above = lineage(code);
    const below = used && used.all_segments > used.segments;
    const counts = used && [t("n_respondents", { n: used.respondents }), t("n_segments", { n: used.segments }), used.open ? t("open_suggestions", { n: used.open }) : null];
    return h("header", { vars: { "--code": code.colour }, class: "code-head" },
      button(`‹ ${t("page_codebook")}`, () => this.does.back(), { class: "quiet back" }),
      h("p", { class: "where" }, [nameOf(code.group), ...above.map(nameOf)].join(" › ")),
      h("div", { class: "name-line" }, h("span", { class: "dot" }), this.#field(code, "name", h("input", { type: "text", maxlength: 60, class: "code-name", "aria-label": t("code_name"), placeholder: nameOf(code), autocomplete: "off" }), code.names[language] ?? "")),
      h("p", { class: "hint" }, counts?.filter(Boolean).join(" · ")),
      below ? h("p", { class: "hint" }, `${t("with_below")} ${t("n_respondents", { n: used.all_respondents })} · ${t("n_segments", { n: used.all_segments })}`) : null,
      may("code_edit") && h("div", { class: "tools" },
        button(t("add_below"), () => this.does.add(code.group.id, code.id), { "data-key": "add" }),
        button(t("move"), () => this.does.move(code.path), { "data-key": "move" }),
        button(t("merge"), () => this.does.merge(code.path), { "data-key": "merge" }),
        button(t("remove"), () => this.does.remove(code.path), { "data-key": "remove", class: "danger" })));
  }

  #memo(path) {
    if (this.memos?.target !== path) {
      this.memos = new MemoBox("code", path);
      this.#memos();
    }
    return h("section", {}, h("h2", {}, t("memos_code")), this.memos.element);
  }

  async #memos() {
    if (!this.element.isConnected || !this.memos) return;
    try {
      this.memos.show((await get("memos")).memos);
    } catch (error) {
      tell("trouble", error);
    }
  }

  #definition(code) {
    const other = Object.values(code.definitions)[0] ?? "";
    const area = h("textarea", { rows: 4, maxlength: 2000, "aria-labelledby": "label-definition", placeholder: other || t("definition_hint"), lang: language });
    return h("section", {}, h("h2", { id: "label-definition" }, t("definition")), this.#field(code, "definition", area, code.definitions[language] ?? ""));
  }

  /** A field whose text is kept when one leaves it; Escape takes back what was written. */
  #field(code, name, field, before) {
    field.readOnly = !may("code_edit");
    field.value = before;
    field.defaultValue = before;
    field.dataset.field = field.dataset.key = name;
    field.addEventListener("change", async () => {
      if (field.value.trim() === before) return;
      const answer = await this.does.edit(code.path, { [name]: before }, { [name]: field.value.trim() });
      field.setAttribute("aria-invalid", String(!answer));
      if (answer) field.defaultValue = field.value;
    });
    field.addEventListener("keydown", (event) => {
      if (event.key === "Escape") field.value = before;
      if (event.key === "Escape" || (event.key === "Enter" && (field.tagName === "INPUT" || event.ctrlKey || event.metaKey))) field.blur();
    });
    return field;
  }

  #colours(code) {
    const { colours } = this.state;
    const own = code.own_colour.toLowerCase();
    const choices = [["", t("colour_auto")], ...colours.map((colour, at) => [colour, t(`colour_${at + 1}`)])];
    return h("section", {}, h("h2", { id: "label-colour" }, t("colour")),
      h("div", { class: "swatches", role: "radiogroup", "aria-labelledby": "label-colour" }, choices.map(([colour, name]) =>
        h("label", { class: "swatch", title: name, vars: colour ? { "--code": colour } : {} },
          h("input", { type: "radio", name: "colour", value: colour, checked: own === colour, "aria-label": name, "data-key": `colour-${colour}`,
            on: { change: () => this.does.edit(code.path, { colour: code.own_colour }, { colour }) } }),
          h("span", { class: colour ? "dot" : "dot auto" })))));
  }

  #examples(code, kind) {
    const texts = code[kind];
    const free = may("code_edit");
    if (!free && !texts.length) return null;
    const keep = (next) => this.does.edit(code.path, { [kind]: texts }, { [kind]: next });
    const input = h("input", { type: "text", maxlength: 500, class: "field", "data-key": `add-${kind}`, "aria-label": t(`${kind}_add`), placeholder: t(`${kind}_add`), autocomplete: "off" });
    const submit = (event) => {
      event.preventDefault();
      if (input.value.trim()) keep([...texts, input.value.trim()]);
    };
    return h("section", { class: kind }, h("h2", {}, t(kind)),
      h("ul", { class: "examples" }, texts.map((text, at) => h("li", {}, h("span", {}, text),
        free && button("×", () => keep(texts.filter((_, other) => other !== at)), { class: "icon", "aria-label": `${t("remove")}: ${text}`, title: t("remove") })))),
      free && h("form", { on: { submit } }, input));
  }

  #said(code) {
    const { path, rows, most } = this.quotes;
    const known = path === code.path;
    const list = known ? rows.map((one) => this.#quote(code, one)) : [];
    return h("section", { class: "said-of" }, h("h2", {}, t("from_the_text")),
      known && !rows.length && h("p", { class: "hint" }, t("no_examples")),
      h("ul", {}, list), known && rows.length === most && h("p", { class: "hint" }, t("first_quotes", { n: most })));
  }

  #quote(code, one) {
    const text = one.text.replace(/\s+/g, " ").trim();
    const rejected = one.status === "rejected";
    const at = `at=${one.start}-${one.end}`;
    const href = one.kind === "survey"
      ? `#/answers/${encodeURIComponent(one.source)}?document=${encodeURIComponent(one.document)}&${at}`
      : `#/text/${encodeURIComponent(one.document)}?${at}`;
    const tool = (kind) => (code[kind].includes(text)
      ? h("span", { class: "is-example" }, `✓ ${t(`is_${kind}`)}`)
      : may("code_edit") && button(t(`as_${kind}`), () => this.does.edit(code.path, { [kind]: code[kind] }, { [kind]: [...code[kind], text] }),
        { "data-key": `${kind}-${one.id}`, "aria-label": `${t(`as_${kind}`)}: ${text.slice(0, 80)}` }));
    return h("li", { class: rejected ? "rejected" : "" }, h("q", {}, text),
      h("p", { class: "by" }, h("a", { href }, saidBy(one)), rejected ? ` · ${t("was_rejected")}` : ""),
      text.length <= 500 && h("div", { class: "tools" }, KINDS.map(tool)));
  }

  async #load() {
    const path = this.state.chosen;
    if (!path) return;
    try {
      const answer = await get("code_quotes", { path });
      if (path !== this.state.chosen) return;
      this.quotes = { path, rows: answer.quotes, most: answer.most };
      this.counted = this.state.usage[path]?.codings;
      this.draw();
    } catch (error) {
      tell("trouble", error);
    }
  }
}

/** Codes above a code, from the top. */
function lineage(code) {
  const line = [];
  for (let up = code; up?.parent; ) {
    up = store.codes.get(`${code.group.id}/${up.parent}`);
    if (up) line.unshift(up);
  }
  return line;
}
