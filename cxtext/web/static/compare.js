// Two coders side by side: where they differ, what is settled, how far they agree.

import { get } from "./api.js";
import { drawFigures } from "./agreement.js";
import { button, fill, h, refill } from "./dom.js";
import { nameOf, t } from "./labels.js";
import { choice, codeMark, documentName, placeOf } from "./places.js";
import { prefs } from "./prefs.js";
import { change, may, store, tell } from "./store.js";
import { Watch } from "./watch.js";

const SHOWN = 40; // disputes at a time

export function make() {
  const top = h("div", { class: "see-head" });
  const list = h("ol", { class: "disputes", tabindex: "-1" });
  const more = h("div", { class: "more-of" });
  const figures = h("section", { class: "figures" });
  const body = h("div", { class: "compare-body" }, h("section", { class: "dispute-part" }, top, list, more), figures);
  const element = h("div", { class: "see compare" }, body);
  const watch = new Watch(() => load());
  let names = ["", ""];
  let decides = "";
  let answer = null;
  let drawn = "";
  let shown = SHOWN;
  let only = { group: "", talk: false, code: "" };
  let cluster = "";
  let here = 0; // the dispute at hand, in what is shown
  let asked = 0;

  const which = () => ({ first: names[0], second: names[1], ...(decides && { decides }) });

  async function load() {
    const turn = ++asked;
    try {
      const got = await get("compare", which());
      if (turn !== asked) return;
      answer = got;
      if (drawn === sign()) return;
    } catch (error) {
      if (turn === asked) tell("trouble", error);
      return;
    }
    if (!answer.gate && !names[0]) {
      const [first, second] = usual();
      if (second) {
        names = [first, second];
        return load();
      }
    }
    draw();
    if (names[1] && !answer.gate) drawFigures(figures, { names, ...which() }, { cluster, choose: recluster, filter });
  }

  /** What is drawn: the same is not drawn again, under the hand of who decides. */
  const sign = () => JSON.stringify([names, { ...answer, number: 0 }]);

  /** Two people who coded, oneself first, where there are two; else a person and a machine. */
  function usual() {
    const rank = (name) => {
      if (answer.coders[name] !== "person") return 2;
      return answer.begun.includes(name) ? Number(name !== store.study.coder) : 3;
    };
    return Object.keys(answer.coders).sort((a, b) => rank(a) - rank(b)).slice(0, 2);
  }

  function recluster(value) {
    cluster = value;
    drawFigures(figures, { names, ...which() }, { cluster, choose: recluster, filter });
  }

  /** Show only what differs on a code ("group/code"), or a group. */
  function filter(path) {
    const [group, code = ""] = path.split("/");
    only = { ...only, group, code };
    shown = SHOWN;
    here = 0;
    draw();
    list.focus();
    top.scrollIntoView({ block: "start" });
  }

  const passing = () => (answer.disputes ?? []).filter((one) =>
    (!only.group || one.group === only.group)
    && (!only.code || one.first.includes(only.code) !== one.second.includes(only.code))
    && (!only.talk || one.talk.length));

  function draw() {
    drawn = sign();
    element.classList.toggle("gated", Boolean(answer.gate));
    if (answer.gate) {
      fill(list);
      fill(more);
      fill(figures);
      fill(top, h("h1", {}, t("compare_title")), h("p", { class: "lede" }, t("blind_gate")),
        button(t("i_only_decide"), () => { decides = "yes"; load(); }, { class: "quiet" }), blindSwitch());
      return;
    }
    const kinds = Object.entries(answer.coders).map(([name, kind]) => [name, kind === "machine" ? `${name} (${t("machine")})` : name]);
    const pick = (at) => (value) => {
      if (names[1 - at] === value) names[1 - at] = names[at];
      names[at] = value;
      history.replaceState(null, "", `#/compare?${new URLSearchParams({ first: names[0], second: names[1] })}`);
      only = { group: "", talk: false, code: "" };
      shown = SHOWN;
      here = 0;
      load();
    };
    const rows = passing();
    here = Math.min(here, Math.max(0, Math.min(shown, rows.length) - 1));
    const groups = [...new Set((answer.disputes ?? []).map((one) => one.group))];
    const named = (id) => nameOf(store.groups.find((group) => group.id === id) ?? { id, names: {} });
    const talks = (answer.disputes ?? []).filter((one) => one.talk.length).length;
    refill(top,
      h("h1", {}, t("compare_title")),
      h("div", { class: "filters" },
        choice(t("coder_a"), kinds, names[0], pick(0), { class: "side-a" }),
        choice(t("coder_b"), kinds, names[1], pick(1), { class: "side-b" }),
        groups.length > 0 && choice(t("group"), [["", t("all_groups")], ...groups.map((id) => [id, named(id)])], only.group, (group) => { only = { ...only, group, code: "" }; here = 0; draw(); }),
        talks > 0 && h("label", { class: "tick" }, h("input", { type: "checkbox", checked: only.talk, on: { change: (event) => { only = { ...only, talk: event.target.checked }; here = 0; draw(); } } }), t("only_talk", { n: talks })),
        blindSwitch()),
      answer.disputes && h("p", { class: "lede", role: "status" },
        h("strong", {}, t("differ_on", { n: answer.disputes.length })), " ",
        t("of_read", { n: answer.read }), " ", t("in_documents", { n: answer.documents }), ".",
        answer.settled ? ` ${t("settled", { n: answer.settled })}` : ""),
      answer.read === 0 && h("p", { class: "note" }, t("nothing_read")),
      answer.seen_suggestions > 0 && h("p", { class: "note" }, t("not_independent", { n: answer.seen_suggestions })),
      answer.blind && h("p", { class: "note" }, t("blind_note")),
      answer.agreed > 0 && may("agree") && h("p", { class: "agree-line" }, button(t("keep_agreed", { n: answer.agreed }), agree, { class: "quiet" }), h("span", { class: "hint" }, t("agreed_hint"))),
      only.code && h("p", {}, button(t("only_code", { code: `${named(only.group)} / ${nameOf(store.codes.get(`${only.group}/${only.code}`) ?? { id: only.code, names: {} })}` }), () => { only = { ...only, code: "", group: "" }; draw(); }, { class: "quiet chosen-filter" })));
    fill(list, rows.slice(0, shown).map(card));
    fill(more, rows.length > shown && button(t("show_more", { n: rows.length - shown }), () => { shown += SHOWN; draw(); }, { class: "quiet" }),
      answer.disputes && !rows.length && answer.read > 0 && h("p", { class: "empty" }, t("no_disputes")));
    mark(false);
  }

  /** Whether the study is coded blind, for who leads it. */
  function blindSwitch() {
    const box = h("input", { type: "checkbox", checked: answer.blind, "data-key": "blind", on: { change: async () => { await change("blind", { blind: box.checked }); load(); } } });
    return may("blind") && h("label", { class: "tick", title: t("code_blind_hint") }, box, t("code_blind"));
  }

  function card(one, at) {
    const group = store.groups.find((some) => some.id === one.group);
    const codes = (some) => (some.length ? some.map((code) => codeMark(`${one.group}/${code}`)) : h("span", { class: "none" }, t("no_code")));
    const both = [...new Set([...one.first, ...one.second])];
    const key = (letter) => prefs.keys === "on" && h("kbd", { "aria-hidden": "true" }, letter);
    const act = (label, codes_, letter, props = {}) => h("button", { type: "button", ...props, on: { click: () => settle(one, codes_) } }, key(letter), ` ${label}`);
    const other = h("select", { "aria-label": t("other_code"), on: { change: () => other.value && settle(one, [other.value]) } },
      h("option", { value: "" }, t("other_code")),
      (group?.codes ?? []).map((code) => h("option", { value: code.id }, nameOf(code))));
    return h("li", { class: "dispute", tabindex: "-1", "data-segment": one.segment, "data-group": one.group, on: { focusin: () => { here = at; mark(false); } } },
      h("p", { class: "where" }, h("a", { href: placeOf(one) }, [documentName(one.document), one.speaker].filter(Boolean).join(" · ")), h("span", { class: "in-group" }, group ? nameOf(group) : one.group)),
      one.prompt && !one.before && h("p", { class: "asked" }, one.prompt),
      h("p", { class: "said-there" }, one.before && h("span", { class: "around" }, `${one.before} `), h("strong", {}, one.text), one.after && h("span", { class: "around" }, ` ${one.after}`)),
      h("div", { class: "sides" },
        h("div", { class: "side-a" }, h("span", { class: "who-side" }, names[0]), codes(one.first)),
        h("div", { class: "side-b" }, h("span", { class: "who-side" }, names[1]), codes(one.second))),
      one.talk.map((memo) => h("p", { class: "talk" }, h("b", {}, memo.coder), ": ", memo.text || t("to_talk"))),
      h("div", { class: "tools" },
        may("settle") && [act(names[0], one.first, "1", { class: "pick-a", "aria-label": t("right_is", { who: names[0] }) }),
        act(names[1], one.second, "2", { class: "pick-b", "aria-label": t("right_is", { who: names[1] }) }),
        group?.exclusive && both.length > 1 ? null : both.length > Math.max(one.first.length, one.second.length) && act(t("both"), both, "b"),
        one.first.length && one.second.length ? act(t("neither"), [], "n") : null,
        other],
        may("talk") && h("button", { type: "button", on: { click: () => discuss(one) } }, key("d"), ` ${t("discuss")}`)));
  }

  function mark(focus) {
    [...list.children].forEach((item, at) => item.classList.toggle("at-hand", at === here));
    const item = list.children[here];
    if (focus && item) {
      item.focus({ preventScroll: true });
      item.scrollIntoView({ block: "nearest" });
    }
  }

  async function settle(one, codes) {
    const done = await change("settle", { ...which(), segment: one.segment, group: one.group, codes, was: [one.first, one.second] });
    if (!done) return void load();
    tell("said", t("consensus_has", { codes: codes.map((code) => nameOf(store.codes.get(`${one.group}/${code}`) ?? { id: code, names: {} })).join(", ") || t("no_code") }));
    answer.disputes = answer.disputes.filter((other) => other !== one);
    answer.settled += 1;
    draw();
    mark(true);
  }

  async function agree() {
    const n = answer.agreed;
    if (await change("agree", which())) {
      tell("said", t("agreed_kept", { n }));
      load();
    }
  }

  function discuss(one) {
    const text = h("textarea", { rows: 3, "aria-label": t("what_to_talk"), placeholder: t("what_to_talk") });
    const keep = async () => {
      dialog.close();
      if (await change("talk", { coding: one.codings[0], text: text.value })) load();
    };
    const dialog = h("dialog", { class: "ask", "aria-label": t("discuss"), on: { close: () => dialog.remove() } },
      h("div", { class: "dialog-head" }, h("h2", {}, t("discuss")), button(t("cancel"), () => dialog.close(), { class: "quiet" })),
      h("div", { class: "ask-body" }, h("blockquote", {}, one.text), text, h("p", { class: "hint" }, t("talk_hint")), button(t("keep"), keep, { class: "main-button" })));
    text.addEventListener("keydown", (event) => (event.ctrlKey || event.metaKey) && event.key === "Enter" && keep());
    document.body.append(dialog);
    dialog.showModal();
    text.focus();
  }

  function keys(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || !answer?.disputes || event.target.closest(".head, .figures, select")) return false;
    const rows = passing().slice(0, shown);
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      here = Math.max(0, Math.min(rows.length - 1, here + (event.key === "ArrowDown" ? 1 : -1)));
      mark(true);
      return rows.length > 0;
    }
    const one = rows[here];
    if (!one || prefs.keys !== "on") return false;
    const item = list.children[here];
    const press = (letter) => [...item.querySelectorAll(".tools button")].find((some) => some.querySelector("kbd")?.textContent === letter);
    const found = press(event.key);
    found?.click();
    return Boolean(found);
  }

  return {
    element,
    keys,
    redraw() {
      if (answer) draw();
      if (names[1] && answer && !answer.gate) drawFigures(figures, { names, ...which() }, { cluster, choose: recluster, filter });
    },
    async open(part, rest, query) {
      const given = new URLSearchParams(query);
      if (given.get("first") && given.get("second")) names = [given.get("first"), given.get("second")];
      watch.start();
      if (!answer) fill(top, h("h1", {}, t("compare_title")), h("p", { class: "wait busy", role: "status" }, t("counting")));
      await load();
      window.scrollTo(0, 0);
    },
    close() {
      watch.stop();
    },
  };
}
