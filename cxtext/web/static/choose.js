// Small dialogs: choosing one of many, and saying yes.

import { button, fill, h } from "./dom.js";
import { t } from "./labels.js";

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** Choose one of some options ({value, name, hint, colour}) by typing or pointing; null where it is left. */
export function choose(title, options) {
  return new Promise((answer) => {
    let shown = [];
    let at = 0;
    const list = h("ul", { id: "choices", role: "listbox", "aria-label": title, class: "choices" });
    const input = h("input", {
      type: "text", class: "field", role: "combobox", "aria-expanded": "true", "aria-controls": "choices", "aria-label": title,
      placeholder: t("filter_codes"), autofocus: true, autocomplete: "off", spellcheck: "false", on: { input: () => draw(), keydown: (event) => key(event) },
    });
    const dialog = h("dialog", { class: "small", "aria-label": title, on: { close: () => { answer(null); dialog.remove(); } } },
      h("div", { class: "dialog-head" }, h("h2", {}, title), button(t("close"), () => dialog.close(), { class: "quiet" })),
      h("div", { class: "dialog-body" }, input, list));

    function draw() {
      const wanted = plain(input.value.trim());
      shown = options.filter((one) => plain(`${one.name} ${one.hint}`).includes(wanted));
      at = 0;
      fill(list, shown.map((one, index) => h("li", { id: `choice-${index}`, role: "option", vars: one.colour ? { "--code": one.colour } : {}, on: { click: () => take(index) } },
        one.colour && h("span", { class: "dot" }), h("span", { class: "name" }, one.name), h("span", { class: "group" }, one.hint))));
      point();
    }
    function point() {
      [...list.children].forEach((one, index) => one.setAttribute("aria-selected", String(index === at)));
      if (shown.length) input.setAttribute("aria-activedescendant", `choice-${at}`);
      list.children[at]?.scrollIntoView({ block: "nearest" });
    }
    function take(index) {
      if (!shown[index]) return;
      answer(shown[index].value);
      dialog.close();
    }
    function key(event) {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step && shown.length) at = (at + step + shown.length) % shown.length;
      else if (event.key === "Enter") take(at);
      else return;
      event.preventDefault();
      point();
    }
    document.body.append(dialog);
    draw();
    dialog.showModal();
  });
}

/** Ask whether something is to be done; the answer is true or false. */
export function confirm(question, yes) {
  return new Promise((answer) => {
    const close = (value) => {
      answer(value);
      dialog.close();
    };
    const dialog = h("dialog", { class: "small", role: "alertdialog", "aria-label": question, on: { close: () => { answer(false); dialog.remove(); } } },
      h("div", { class: "dialog-body" }, h("p", { class: "question" }, question), h("p", { class: "hint" }, t("can_undo")),
        h("div", { class: "dialog-tools" }, button(yes, () => close(true), { class: "main-button" }), button(t("cancel"), () => close(false), { class: "quiet" }))));
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** Ask for a name, which is `before` now; null where it is left. */
export function ask(title, label, before = "", ...more) {
  return new Promise((answer) => {
    const input = h("input", { type: "text", maxlength: 80, class: "field", required: true, "aria-label": label, placeholder: label, autocomplete: "off", value: before });
    const close = (value) => {
      answer(value);
      dialog.close();
    };
    const form = h("form", { class: "dialog-body", on: { submit: (event) => { event.preventDefault(); close(input.value.trim() || null); } } },
      input, more, h("div", { class: "dialog-tools" }, h("button", { type: "submit", class: "main-button" }, t("keep")), button(t("cancel"), () => close(null), { class: "quiet" })));
    const dialog = h("dialog", { class: "small", "aria-label": title, on: { close: () => { answer(null); dialog.remove(); } } },
      h("div", { class: "dialog-head" }, h("h2", {}, title)), form);
    document.body.append(dialog);
    dialog.showModal();
    input.select();
  });
}
