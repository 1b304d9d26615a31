// How far two coders agree: per group and code, alpha with its interval beside the customary lines.

import { get } from "./api.js";
import { button, fill, h, refill } from "./dom.js";
import { language, nameOf, score, t } from "./labels.js";
import { choice } from "./places.js";
import { store } from "./store.js";

const two = (value) => (value == null ? "–" : score(Math.round(100 * value) / 100 || 0).replace("-", "−")); // never −0
const percent = (value) => (value == null ? "–" : `${Math.round(value * 100)}%`);
let asked = 0;

/** Draw the figures of two coders; `choose` gets another way of drawing, `filter` a code to look at. */
export async function drawFigures(element, { names, ...which }, { cluster, choose, filter }) {
  const turn = ++asked;
  const head = () => [
    h("h2", {}, t("agreement")),
    choice(t("interval_by"), [["", t("by_segment")], ["document", t("by_document")], ["case", t("by_case")]], cluster, choose)];
  if (!element.querySelector("table")) fill(element, ...head(), h("p", { class: "hint busy", role: "status" }, t("counting")));
  element.setAttribute("aria-busy", "true");
  let answer;
  try {
    answer = await get("agreement", { ...which, cluster });
  } catch (error) {
    if (turn === asked) fill(element, ...head(), h("p", { class: "note" }, error.message));
    return;
  } finally {
    if (turn === asked) element.removeAttribute("aria-busy");
  }
  if (turn !== asked) return;
  if (!answer.rows.length) return void fill(element, ...head(), h("p", { class: "hint" }, t("no_figures")));
  const named = (row) => nameOf(row.code
    ? store.codes.get(`${row.group}/${row.code}`) ?? { id: row.code, names: {} }
    : store.groups.find((group) => group.id === row.group) ?? { id: row.group, names: {} });
  const rows = answer.rows.map((row) => h("tr", { class: row.code ? "of-code" : "of-group" },
    h("th", { scope: "row" }, button(named(row), () => filter(row.code ? `${row.group}/${row.code}` : row.group), { class: "as-link", title: t("see_differences") })),
    h("td", { class: "numeric" }, row.n.toLocaleString(language)),
    h("td", { class: "numeric" }, row.used.map((n) => n.toLocaleString(language)).join(" · ")),
    h("td", { class: "numeric" }, percent(row.percent)),
    h("td", { class: "numeric" }, two(row.kappa)),
    h("td", { class: "numeric" }, two(row.ac1)),
    h("td", { class: "alpha" }, h("span", { class: "numeric" }, h("b", {}, two(row.alpha)), h("small", {}, row.alpha_low == null ? "" : ` ${two(row.alpha_low)} – ${two(row.alpha_high)}`)), track(row)),
    ));
  const warned = answer.rows.filter((row) => row.warning);
  refill(element, ...head(),
    h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": t("agreement") }, h("table", { class: "agreement" },
      h("thead", {}, h("tr", {}, [t("code"), "n", names.join(" · "), t("percent"), "κ", "AC1", t("alpha")].map((text) => h("th", { scope: "col" }, text)))),
      h("tbody", {}, rows))),
    h("p", { class: "hint" }, t("alpha_note", { n: answer.n_resamples })),
    warned.length > 0 && h("details", {}, h("summary", {}, t("warnings", { n: warned.length })), h("ul", { class: "plain" }, warned.map((row) => h("li", {}, h("b", {}, named(row)), ": ", row.warning)))));
}

/** Alpha and its interval on a line from 0 to 1. */
function track(row) {
  if (row.alpha == null) return null;
  const place = (value) => `${100 * Math.max(0, Math.min(1, value))}%`;
  const vars = { "--at": place(row.alpha), "--low": place(row.alpha_low ?? row.alpha), "--high": place(row.alpha_high ?? row.alpha) };
  return h("span", { class: `track ${row.warning ? "weak" : ""}`, "aria-hidden": "true", vars }, h("i", { class: "range" }), h("i", { class: "mark-at" }));
}
