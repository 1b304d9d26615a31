// Codes by the values of an attribute; every cell opens its quotes.

import { get } from "./api.js";
import { h, refill } from "./dom.js";
import { language, nameOf, t } from "./labels.js";
import { choice, codeMark, quotesAt } from "./places.js";
import { store } from "./store.js";

export function make() {
  const element = h("div", { class: "codes-part" });
  let group = "";

  async function open(query) {
    const wanted = new URLSearchParams(query).get("attribute") ?? "";
    let answer = await get("crosstab", wanted ? { attribute: wanted } : {});
    if (!wanted && answer.attributes.length) answer = await get("crosstab", { attribute: answer.attributes[0] });
    draw(answer);
  }

  function draw(answer) {
    const { attribute = "", attributes, values = [], rows = [] } = answer;
    const groups = store.groups.filter(({ id }) => rows.some((row) => row.path.startsWith(`${id}/`)));
    const to = (name) => { location.hash = `#/see/codes?${new URLSearchParams({ attribute: name })}`; };
    const order = new Map([...store.codes.keys()].map((path, at) => [path, at]));
    const shown = groups.filter(({ id }) => !group || id === group).map((one) => [one, rows.filter((row) => row.path.startsWith(`${one.id}/`)).sort((a, b) => (order.get(a.path) ?? 0) - (order.get(b.path) ?? 0))]);
    refill(element,
      h("h1", {}, t("see_codes")),
      attributes.length === 0 ? h("p", { class: "empty" }, t("no_attributes")) : h("div", { class: "filters" },
        choice(t("attribute"), attributes.map((name) => [name, name]), attribute, to),
        groups.length > 1 && choice(t("group"), [["", t("all_groups")], ...groups.map((one) => [one.id, nameOf(one)])], group, (value) => { group = value; draw(answer); })),
      rows.length > 0 && h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": t("see_codes") }, h("table", { class: "crosstab" },
        h("thead", {}, h("tr", {}, h("th", { scope: "col" }, t("code")), values.map(({ value, n }) => h("th", { scope: "col" }, value || t("unknown"), h("small", {}, `n = ${n.toLocaleString(language)}`))))),
        shown.map(([one, own]) => h("tbody", {},
          h("tr", { class: "group-row" }, h("th", { scope: "rowgroup", colspan: values.length + 1 }, nameOf(one))),
          own.map((row) => h("tr", {}, h("th", { scope: "row" }, codeMark(row.path)), row.cells.map((cell, at) => h("td", { class: "numeric" }, cellOf(row.path, cell, values[at], attribute))))))))),
      rows.length > 0 && h("p", { class: "hint" }, t("crosstab_note")));
  }

  return { element, open };
}

function cellOf(path, { k, share, low, high }, { value, n }, attribute) {
  if (!k) return h("span", { class: "none" }, "–");
  const percent = (part) => Math.round(100 * part);
  const text = share == null ? `${k}/${n}` : `${percent(share)}%`;
  const more = share == null ? t("k_of_n", { k, n }) : `${t("k_of_n", { k, n })}, ${percent(low)}–${percent(high)}%`;
  return h("a", { href: quotesAt({ code: path, attribute, ...(value ? { value } : {}) }), class: "cell", title: more, vars: { "--part": `${share == null ? 0 : Math.round(36 * share)}%` } },
    text, h("small", {}, share == null ? "" : `${k}/${n}`), h("span", { class: "hidden-text" }, `, ${more}`));
}
