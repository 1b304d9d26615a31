// The line in which codes are typed, and the nine codes under the number keys.

import { fill, h } from "./dom.js";
import { language, nameOf, t } from "./labels.js";
import { may, on, store } from "./store.js";
import { colourOf } from "./draw.js";

const SLOTS = 9;
const MOST = 8;

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** Codes that fit what was typed, the best first. */
function matches(typed, recent) {
  const words = plain(typed).split(/\s+/).filter(Boolean);
  const found = [];
  for (const code of store.codes.values()) {
    const texts = [code.id, ...Object.values(code.names)].map(plain);
    const more = [code.path, nameOf(code.group), code.definitions[language] ?? ""].map(plain);
    let points = 0;
    for (const word of words) {
      if (texts.some((text) => text === word)) points += 8;
      else if (texts.some((text) => text.startsWith(word))) points += 5;
      else if (texts.some((text) => text.split(/[\s_/-]+/).some((part) => part.startsWith(word)))) points += 4;
      else if (texts.some((text) => text.includes(word))) points += 2;
      else if (more.some((text) => text.includes(word))) points += 1;
      else points = -Infinity;
    }
    const turn = recent.indexOf(code.path);
    if (points >= 0) found.push([points + (turn < 0 ? 0 : 1 - turn / 100), code]);
  }
  return found.sort((a, b) => b[0] - a[0]).slice(0, MOST).map(([, code]) => code);
}

export class Dock {
  /** does: give(paths), create(name), leave(), next() */
  constructor(does) {
    this.does = does;
    this.options = [];
    this.at = 0;
    this.input = h("input", {
      id: "typed", type: "text", role: "combobox", autocomplete: "off", spellcheck: "false", enterkeyhint: "done",
      "aria-expanded": "false", "aria-controls": "options", "aria-autocomplete": "list",
      on: { input: () => this.#offer(), keydown: (event) => this.#key(event), blur: () => this.#close(), focus: () => this.#offer() },
    });
    this.list = h("ul", { id: "options", role: "listbox", hidden: true });
    this.slots = h("ol", { class: "slots" });
    this.element = h("div", { class: "dock" }, h("div", { class: "typing" }, this.list, this.input), this.slots);
    on("study", () => this.draw());
  }

  /** Write the texts and the slots anew. */
  draw() {
    this.element.hidden = !may("code");
    this.input.placeholder = t("type_code");
    this.input.setAttribute("aria-label", t("type_code"));
    this.list.setAttribute("aria-label", t("codes"));
    this.slots.setAttribute("aria-label", t("numbered"));
    const key = `cxtext-slots-${store.study.id}`;
    const kept = JSON.parse(localStorage.getItem(key) ?? "[]").filter((path) => store.codes.has(path));
    this.paths = [...kept, ...[...store.codes.keys()].filter((path) => !kept.includes(path))].slice(0, SLOTS);
    this.recent = [...kept];
    this.#drawSlots();
  }

  #drawSlots() {
    fill(this.slots, this.paths.map((path, at) =>
      h("li", {}, h("button", {
        type: "button", class: "slot", "aria-keyshortcuts": at + 1, vars: { "--code": colourOf(path) },
        on: { click: () => this.use([path]) },
      }, h("kbd", {}, String(at + 1)), h("span", { class: "name" }, nameOf(store.codes.get(path)))))));
  }

  /** Give codes, and remember them: a code that is used keeps its number, a new one takes that of the oldest. */
  use(paths) {
    const before = this.paths.join();
    for (const path of paths) {
      if (!this.paths.includes(path)) {
        const oldest = this.paths.reduce((a, b) => (this.#age(b) > this.#age(a) ? b : a));
        this.paths[this.paths.indexOf(oldest)] = path;
      }
      this.recent = [path, ...this.recent.filter((one) => one !== path)];
    }
    localStorage.setItem(`cxtext-slots-${store.study.id}`, JSON.stringify(this.paths));
    if (this.paths.join() !== before) this.#drawSlots();
    return this.does.give(paths);
  }

  #age(path) {
    const at = this.recent.indexOf(path);
    return at < 0 ? Infinity : at;
  }

  /** Go and type; `then` gets the code instead of the stretch at hand. */
  open(then = null) {
    this.then = then;
    this.input.placeholder = then ? t("type_other") : t("type_code");
    this.input.focus();
    this.#offer();
  }

  #offer() {
    const typed = this.input.value.trim();
    this.options = matches(typed, this.recent).map((code) => ({ code }));
    if (typed && !this.then && !this.options.some(({ code }) => plain(nameOf(code)) === plain(typed))) {
      this.options.push({ name: typed });
    }
    if (!may("new_code") && this.options.length > 1) this.options = this.options.filter(({ code }) => code);
    this.at = 0;
    const open = document.activeElement === this.input && (typed !== "" || this.then !== null);
    this.list.hidden = !open || !this.options.length;
    this.input.setAttribute("aria-expanded", String(!this.list.hidden));
    fill(this.list, this.options.map((option, at) => this.#option(option, at)));
    this.#point();
  }

  #option({ code, name }, at) {
    const press = { pointerdown: (event) => { event.preventDefault(); this.at = at; this.#take(); } };
    const props = { id: `option-${at}`, role: "option", on: press };
    if (!code) return h("li", { ...props, class: "fresh" }, t(may("new_code") ? "new_code" : "no_code_named", { name }));
    const definition = code.definitions[language] ?? Object.values(code.definitions)[0] ?? "";
    return h("li", { ...props, vars: { "--code": code.colour } },
      h("span", { class: "dot" }), h("span", { class: "name" }, nameOf(code)),
      h("span", { class: "group" }, nameOf(code.group)), h("span", { class: "definition" }, definition));
  }

  #point() {
    [...this.list.children].forEach((option, at) => option.setAttribute("aria-selected", String(at === this.at)));
    const id = this.list.hidden ? null : `option-${this.at}`;
    if (id) this.input.setAttribute("aria-activedescendant", id);
    else this.input.removeAttribute("aria-activedescendant");
    this.list.children[this.at]?.scrollIntoView({ block: "nearest" });
  }

  #take() {
    const option = this.options[this.at];
    this.input.value = "";
    const then = this.then;
    this.then = null;
    if (option?.code && then) then(option.code.path);
    else if (option?.code) this.use([option.code.path]);
    else if (option) this.does.create(option.name);
    if (then) this.does.leave();
    this.#offer();
  }

  #close() {
    this.list.hidden = true;
    this.then = null;
    this.input.placeholder = t("type_code");
    this.input.setAttribute("aria-expanded", "false");
  }

  #key(event) {
    const typed = this.input.value.trim();
    const open = !this.list.hidden;
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const step = event.key === "ArrowDown" ? 1 : -1;
      if (open) {
        this.at = (this.at + step + this.options.length) % this.options.length;
        this.#point();
      } else {
        this.does.next(step);
      }
    } else if (event.key === "Enter") {
      if (typed || this.then) this.#take();
      else this.does.next(1, true);
    } else if (event.key === "," && typed) {
      this.#take();
    } else if (event.key === "Escape") {
      this.input.value = "";
      this.does.leave();
    } else if (/^[1-9]$/.test(event.key) && !typed && !this.then && this.paths[event.key - 1]) {
      this.use([this.paths[event.key - 1]]);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }
}
