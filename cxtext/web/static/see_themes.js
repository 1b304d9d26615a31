// Themes as they were found and as people made them: what they hold together, for whom, with their best quotes.

import { Analysis } from "./analysis.js";
import { ask, choose, confirm } from "./choose.js";
import { button, h, refill } from "./dom.js";
import { t } from "./labels.js";
import { placeOf, quotesAt } from "./places.js";
import { change, may, tell } from "./store.js";

const PARTS = [2, 3, 4, 5]; // to split into

export function make() {
  const element = h("div", { class: "themes-part" });
  let themes = [];
  const analysis = new Analysis(element, (shown, map) => {
    themes = map.themes;
    draw(shown, map, does);
  });

  /** Change a theme as it is seen, and show what became of it. */
  async function send(name, theme, values, said) {
    element.setAttribute("aria-busy", "true");
    const answer = await change(name, { theme: theme.id, was: theme.name, ...values });
    element.removeAttribute("aria-busy");
    if (answer && said) tell("said", said);
    await analysis.open(false);
  }

  const does = {
    async rename(theme) {
      const name = await ask(t("theme_rename"), t("theme_name"), theme.name);
      if (name && name !== theme.name) await send("theme_rename", theme, { name }, t("theme_renamed", { name }));
    },
    async merge(theme) {
      const others = themes.filter((one) => one !== theme && !one.locked);
      const into = await choose(t("merge_title", { name: theme.name }), others.map((one) => ({ value: one, name: one.name, hint: one.segments })));
      if (into) await send("theme_merge", theme, { into: into.id }, t("merged", { name: theme.name, into: into.name }));
    },
    async split(theme) {
      const whole = theme.parts.length > 1 && { value: 0, name: t("split_parts", { n: theme.parts.length }), hint: theme.parts.join(" · ") };
      const parts = await choose(t("split_title", { name: theme.name }), [whole, ...PARTS.map((n) => ({ value: n, name: t("split_into", { n }), hint: "" }))].filter(Boolean));
      if (parts !== null) await send("theme_split", theme, { parts }, t("theme_was_split", { name: theme.name }));
    },
    lock: (theme) => send("theme_lock", theme, { locked: !theme.locked }),
    async drop(theme) {
      if (await confirm(t("theme_drop_sure", { name: theme.name }), t("remove"))) await send("theme_drop", theme, {}, t("removed", { name: theme.name }));
    },
  };
  return { element, open: (query, again) => analysis.open(again), close: () => analysis.close() };
}

function draw(element, map, does) {
  refill(element,
    h("h1", {}, t("see_themes")),
    h("p", { class: "hint" }, t("themes_note")),
    map.themes.length ? h("div", { class: "themes" }, map.themes.map((theme) => card(theme, does))) : h("p", { class: "empty" }, t("no_themes")),
    map.outliers && h("p", { class: "hint" }, map.outliers.text, " ", h("a", { href: map.outliers.link }, map.outliers.link_text)));
}

function card(theme, does) {
  const tool = (what, text, free = true) => button(text, () => does[what](theme), { "data-key": `${what}-${theme.id}`, "aria-label": `${text}: ${theme.name}`, disabled: !free });
  return h("article", { class: "theme", "data-theme": theme.id },
    h("h2", {}, theme.name, theme.locked && h("span", { class: "tag" }, t("locked"))),
    h("p", { class: "theme-share" }, theme.share, " · ", h("a", { href: theme.link }, theme.segments)),
    h("ul", { class: "kinds" }, theme.bars.filter(([, n]) => n > 0).map(([kind, n, , width, text]) => h("li", { class: `kind-${kind}`, vars: { "--wide": `${width}%` } }, h("i", { "aria-hidden": "true" }), h("a", { href: quotesAt({ theme: theme.id, code: `kind/${kind}` }) }, text)))),
    theme.terms.length > 0 && h("p", { class: "terms" }, theme.terms.join(" · ")),
    theme.quotes.slice(0, 3).map((quote) => h("blockquote", {}, h("a", { href: placeOf(quote) }, quote.text), h("cite", {}, quote.who))),
    may("theme_rename") && h("div", { class: "tools" }, tool("rename", t("rename"), !theme.locked), tool("merge", t("merge"), !theme.locked), tool("split", t("split"), !theme.locked),
      tool("lock", t(theme.locked ? "unlock" : "lock")), tool("drop", t("remove"), !theme.locked)));
}
