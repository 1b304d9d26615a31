// Columns beside the answers: which attributes are shown, and by which one the answers are ordered.

import { button, fill, h } from "./dom.js";
import { t } from "./labels.js";
import { choice } from "./places.js";
import { store } from "./store.js";

const MOST = 3; // columns, so that there is room for the answers

const key = () => `cxtext-columns-${store.study.id}`;

/** What is chosen: {shown, order}. */
export function chosenColumns() {
  const names = attributeNames();
  const { shown = [], order = "" } = JSON.parse(localStorage.getItem(key()) ?? "{}");
  return { shown: shown.filter((name) => names.includes(name)), order: names.includes(order) ? order : "" };
}

/** Attributes of the answers that are open. */
function attributeNames() {
  return [...new Set([...store.texts.values()].flatMap((text) => Object.keys(text.attributes ?? {})))];
}

/** Put the answers that are open in the order of an attribute, or as they came. */
export function orderAnswers() {
  const { order } = chosenColumns();
  const value = (text) => text.attributes?.[order] ?? "";
  const compare = new Intl.Collator(undefined, { numeric: true }).compare;
  const texts = [...store.texts.values()].sort((a, b) => (order ? compare(value(a), value(b)) : 0) || a.position - b.position);
  store.texts = new Map(texts.map((text) => [text.id, text]));
}

/** Heads over the columns. */
export function drawHeads(element, survey) {
  const { shown } = survey ? chosenColumns() : { shown: [] };
  element.hidden = !survey;
  fill(element, ["", t("respondent"), ...shown, t("answer"), "", t("codes")].map((name) => h("span", {}, name)));
}

/** Tools to choose columns and order; `changed` is called with whether the order is another. */
export function columnTools(changed) {
  const names = attributeNames();
  if (!names.length) return null;
  const now = chosenColumns();
  const keep = (values) => {
    localStorage.setItem(key(), JSON.stringify({ ...now, ...values }));
    changed("order" in values);
  };
  const box = (name) => {
    const on = now.shown.includes(name);
    const input = h("input", { type: "checkbox", checked: on, disabled: !on && now.shown.length >= MOST, "data-key": `column-${name}`,
      on: { change: () => keep({ shown: names.filter((one) => (one === name ? input.checked : now.shown.includes(one))) }) } });
    return h("label", { class: "tick" }, input, name);
  };
  const leave = (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    open(false);
  };
  const menu = h("div", { class: "column-menu", hidden: true, on: { keydown: leave } }, names.map(box));
  const open = (on) => {
    menu.hidden = !on;
    pressed.setAttribute("aria-expanded", String(on));
    if (!on) pressed.focus();
  };
  const pressed = button(t("columns"), () => open(menu.hidden), { class: "quiet", "aria-expanded": "false", "data-key": "columns" });
  return [h("div", { class: "columns-tool" }, pressed, menu),
    choice(t("sort_by"), [["", t("as_in_file")], ...names.map((name) => [name, name])], now.order, (order) => keep({ order }), { "data-key": "order" })];
}
