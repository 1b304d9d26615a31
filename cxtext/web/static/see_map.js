// The journey map with its curve; every number opens its quotes.

import { Analysis } from "./analysis.js";
import { drawCurve } from "./curve.js";
import { h, refill } from "./dom.js";
import { t } from "./labels.js";
import { placeOf } from "./places.js";

const narrow = matchMedia("(max-width: 900px)");

export function make() {
  const element = h("div", { class: "map-part" });
  let last = null;
  const analysis = new Analysis(element, (shown, answer) => {
    last = [shown, answer];
    draw(shown, answer);
  });
  narrow.addEventListener("change", () => last && draw(...last));
  return { element, open: (query, again) => analysis.open(again), close: () => analysis.close() };
}

function draw(element, map) {
  refill(element,
    h("h1", {}, t("map_title")),
    map.findings.length > 0 && h("section", { class: "findings", "aria-label": t("findings") }, map.findings.map(finding)),
    narrow.matches ? cards(map) : table(map),
    map.curve_message && h("p", { class: "lede" }, map.curve_message),
    h("p", { class: "hint" }, t("map_note", { n: map.respondents })),
    h("details", { class: "figures-behind" }, h("summary", { "data-key": "curve" }, t("curve_numbers")), h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": t("curve_numbers") }, h("table", { class: "plain-table" },
      h("thead", {}, h("tr", {}, ["phase", "mean", "interval", "respondents", "segments", "negative"].map((key) => h("th", { scope: "col" }, t(`col_${key}`))))),
      h("tbody", {}, map.curve_rows.map(([name, ...rest]) => h("tr", {}, h("th", { scope: "row" }, quotesOf(map, name)), rest.map((text) => h("td", { class: "numeric" }, text)))))))),
    map.notices.map((text) => h("p", { class: "note" }, text)));
}

const quotesOf = (map, name) => h("a", { href: map.phases.find((phase) => phase.name === name)?.link }, name);

function finding({ before, share, after, link, link_text: text, quotes }) {
  return h("article", { class: "finding" },
    h("p", {}, before, h("strong", {}, share), after),
    quotes.slice(0, 1).map((quote) => h("blockquote", {}, h("a", { href: placeOf(quote) }, quote.text), h("cite", {}, quote.who))),
    h("a", { class: "more-link", href: link }, text));
}

function table(map) {
  const columns = map.phases.length;
  return h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": t("map_title") }, h("table", { class: "map" },
    h("thead", {}, h("tr", {}, h("td", {}), map.phases.map((phase) => h("th", { scope: "col" }, head(phase))))),
    h("tbody", {},
      h("tr", { class: "curve-row" }, h("th", { scope: "row" }, t("feeling")), h("td", { colspan: columns }, drawCurve(map.curve, map.phases, (x) => Math.floor(x / (map.curve.width / columns))))),
      map.lanes.map((lane) => h("tr", {}, h("th", { scope: "row" }, lane.name), map.phases.map((phase) => h("td", {}, items(lane, phase))))))));
}

function cards(map) {
  const steps = (map.narrow_curve.height - 26) / map.phases.length;
  return h("div", { class: "map-cards" },
    drawCurve(map.narrow_curve, map.phases, (x, y) => Math.floor((y - 26) / steps)),
    map.phases.map((phase) => h("section", { class: "phase-card" }, h("h2", {}, phase.name), head(phase, true),
      map.lanes.filter((lane) => lane.cells[phase.id]?.length).flatMap((lane) => [h("h3", {}, lane.name), items(lane, phase)]))));
}

function head(phase, bare = false) {
  return h("div", { class: "phase-head", title: phase.description },
    !bare && h("span", { class: "phase-name" }, phase.name), h("span", { class: "phase-text" }, phase.summary),
    h("a", { class: "share", href: phase.link, "aria-label": `${phase.name}: ${phase.share}` }, phase.share));
}

function items(lane, phase) {
  const all = lane.cells[phase.id] ?? [];
  if (!all.length) return h("span", { class: "none" }, "–");
  const list = (some) => h("ul", { class: `items ${lane.id}` }, some.map(item));
  const rest = all.slice(lane.shown);
  return h("div", {}, list(all.slice(0, lane.shown)), rest.length > 0 && h("details", {}, h("summary", { "data-key": `${lane.id}-${phase.id}` }, t("more_codes", { n: rest.length })), list(rest)));
}

function item({ name, share, percent, link, kind, quote }) {
  if (quote) return h("li", { class: "item quote-item" }, h("a", { href: placeOf(quote) }, `“${quote.text}”`), h("small", {}, quote.who));
  return h("li", { class: `item ${kind}` }, h("a", { href: link }, h("span", { class: "item-name" }, name), h("span", { class: "item-share" }, share), h("span", { class: "bar", "aria-hidden": "true", vars: { "--part": `${percent}%` } })));
}
