// The board of quotes: by code, phase, theme, attribute and words; pinned ones stay.

import { get } from "./api.js";
import { button, fill, h, later } from "./dom.js";
import { language, t } from "./labels.js";
import { choice, codeMark, codeOptions, placeOf, quotesAt } from "./places.js";
import { change, may, store, tell } from "./store.js";

export function make() {
  const filters = h("div", { class: "filters" });
  const words = h("input", { type: "search", on: { input: later(() => set({ words: words.value }), 300) } });
  const chosen = h("div", { class: "chosen-filters" });
  const count = h("p", { class: "lede", role: "status" });
  const list = h("ul", { class: "board" });
  const more = h("div", { class: "more-of" });
  const title = h("h1", {});
  const element = h("div", { class: "quotes-part" }, title, filters, chosen, count, list, more);
  let given = {};
  let names = null; // of phases and themes
  let asked = 0;

  function set(changes) {
    given = Object.fromEntries(Object.entries({ ...given, ...changes }).filter(([, value]) => value !== ""));
    history.replaceState(null, "", quotesAt(given));
    look();
  }

  async function look(from = 0) {
    const turn = ++asked;
    try {
      const answer = await get("quotes", { ...given, from });
      if (turn !== asked) return;
      if (answer.mapped && !names) names = await get("journey", { language });
      if (!from) drawFilters(answer);
      const cards = answer.quotes.map(card);
      if (from) list.append(...cards);
      else fill(list, cards);
      const left = answer.total - from - answer.quotes.length;
      fill(more, left > 0 && button(t("show_more", { n: left }), () => look(from + answer.quotes.length), { class: "quiet" }), !answer.total && h("p", { class: "empty" }, t(given.pinned ? "no_pins" : "no_quotes")));
      fill(count, h("strong", {}, t("quotes", { n: answer.total })), " ", t("of_respondents", { k: answer.respondents, n: answer.of_respondents }));
      if (from) cards[0]?.querySelector("a")?.focus();
    } catch (error) {
      if (turn === asked) tell("trouble", error);
    }
  }

  function drawFilters(answer) {
    const code = given.group ? (given.code ? `${given.group}/${given.code}` : "") : given.code ?? "";
    const pairs = (some) => Object.entries(some ?? {});
    if (document.activeElement !== words) words.value = given.words ?? "";
    fill(title, t("see_quotes"));
    const focus = filters.contains(document.activeElement) ? [...filters.querySelectorAll("select, input")].indexOf(document.activeElement) : -1;
    fill(filters,
      h("label", { class: "choice words-choice" }, h("span", {}, t("words")), words),
      choice(t("code"), [["", t("all_codes")], ...codeOptions()], code, (value) => set({ code: value, group: "" })),
      names?.phase_names && choice(t("phase"), [["", t("all_phases")], ...pairs(names.phase_names)], given.phase ?? "", (phase) => set({ phase, lane: "", item: "" })),
      pairs(names?.theme_names).length > 0 && choice(t("theme"), [["", t("all_themes")], ...pairs(names.theme_names)], given.theme ?? "", (theme) => set({ theme, lane: "", item: "" })),
      pairs(answer.attributes).length > 0 && choice(t("attribute"), [["", t("none_chosen")], ...Object.keys(answer.attributes).map((name) => [name, name])], given.attribute ?? "", (attribute) => set({ attribute, value: answer.attributes[attribute]?.[0] ?? "" })),
      given.attribute && choice(t("value"), [...(answer.attributes[given.attribute] ?? []).map((value) => [value, value]), ["", t("unknown")]], given.value ?? "", (value) => set({ value })),
      h("label", { class: "tick" }, h("input", { type: "checkbox", checked: Boolean(given.pinned), on: { change: (event) => set({ pinned: event.target.checked ? "yes" : "" }) } }), t("only_pinned", { n: answer.pinned })));
    if (focus >= 0) filters.querySelectorAll("select, input")[focus]?.focus();
    const others = [given.group && !given.code && ["group", given.group], given.segment && ["segment", t("one_quote")], given.lane && ["lane", t("one_item")]].filter(Boolean);
    fill(chosen, others.map(([name, text]) => button(`${text} ×`, () => set(name === "lane" ? { lane: "", item: "" } : { [name]: "" }), { class: "quiet", "aria-label": t("remove_filter", { what: text }) })));
  }

  function card(quote) {
    const pinned = button("", async () => {
      const wanted = pinned.getAttribute("aria-pressed") !== "true";
      if (!(await change("pin", { segment: quote.segment, pinned: wanted }))) return;
      press(wanted);
      tell("said", t(wanted ? "pinned" : "unpinned"));
    }, { class: "pin" });
    const press = (on) => {
      pinned.setAttribute("aria-pressed", String(on));
      pinned.setAttribute("aria-label", t("pin"));
      fill(pinned, on ? "★" : "☆");
      pinned.title = t(on ? "unpin" : "pin");
    };
    press(Boolean(quote.pinned));
    return h("li", { class: "quote-card" },
      may("pin") && pinned,
      quote.prompt && h("p", { class: "asked" }, quote.prompt),
      h("blockquote", {}, h("a", { href: placeOf(quote) }, quote.text)),
      h("p", { class: "where" }, [quote.name, quote.speaker, quote.time].filter(Boolean).join(" · "), quote.check && h("span", { class: "check", title: t("check_hint") }, t("check_first"))),
      h("p", { class: "marks" }, quote.codes.filter((path) => store.codes.has(path)).map((path) => h("a", { href: quotesAt({ code: path }) }, codeMark(path)))));
  }

  return {
    element,
    async open(query) {
      given = Object.fromEntries(new URLSearchParams(query));
      words.setAttribute("aria-label", t("words"));
      names = null;
      await look();
    },
  };
}
