// Learn: how good the machine has become at each code, what changed since the last time, and what to code next.

import { get } from "./api.js";
import { confirm } from "./choose.js";
import { button, fill, h } from "./dom.js";
import { language, nameOf, score, t } from "./labels.js";
import { saidBy } from "./places.js";
import { prefs, remember } from "./prefs.js";
import { change as send, may, on, store, tell } from "./store.js";
import { ask, teacher } from "./teacher.js";

const ENOUGH = 6; // codings from which a code is learned
const SMALL = 0.005; // a change that is none

export function make() {
  let open = false;
  let lesson;
  const shown = { lesson: "", bar: "" }; // what was drawn: the same is not drawn again, under the hand of who clicks
  const head = h("header", { class: "learn-head" });
  const bar = h("div", { class: "learn-bar" });
  const spoken = h("p", { class: "hidden-text", role: "status" });
  const next = h("section", { class: "next" });
  const quality = h("section", { class: "quality" });
  const element = h("div", { class: "learn-page" }, head, bar, spoken, h("div", { class: "learn-parts" }, quality, next));

  async function load() {
    try {
      lesson = (await get("lesson")).lesson;
      const fresh = JSON.stringify(lesson);
      if (fresh !== shown.lesson) draw();
      shown.lesson = fresh;
    } catch (error) {
      tell("trouble", error);
    }
  }

  function draw() {
    drawHead();
    drawBar();
    fill(quality, lesson ? qualityOf(lesson) : []);
    fill(next, lesson ? nextOf(lesson) : []);
    element.classList.toggle("fresh", lesson === null);
  }

  function drawHead() {
    const auto = h("input", { type: "checkbox", checked: prefs.learning === "on", on: { change: () => remember("learning", auto.checked ? "on" : "off") } });
    fill(head, h("h1", {}, t("page_learn")),
      h("p", { class: "lead" }, lesson ? summary() : t("learn_first")),
      may("learn") && h("label", { class: "check" }, auto, h("span", {}, t("learn_auto"), h("small", {}, t("learn_auto_hint")))));
  }

  function summary() {
    const made = teacher.now?.new ?? 0;
    const at = new Date(lesson.at).toLocaleString(language, { dateStyle: "long", timeStyle: "short" });
    return [t("learned_from", { n: lesson.decisions, segments: lesson.segments, at }), made > 0 ? t("learn_new", { n: made }) : ""].join(" ").trim();
  }

  /** Button, or how far it is. */
  function drawBar() {
    const now = teacher.now;
    const fresh = JSON.stringify([now, lesson?.at, language]);
    if (fresh === shown.bar) return;
    shown.bar = fresh;
    const held = bar.contains(document.activeElement);
    if (now?.busy) {
      const stage = t(`stage_${now.state === "keeping" ? "keeping" : now.stage === "read" ? "study" : now.stage}`);
      const counted = now.total > 1 ? ` ${now.done.toLocaleString(language)} / ${now.total.toLocaleString(language)}` : "";
      if (spoken.textContent !== stage) spoken.textContent = stage;
      fill(bar, h("progress", { max: 1, value: now.share, "aria-label": t("learning") }),
        h("span", { class: "stage" }, stage, h("small", {}, counted)),
        may("learn_cancel") && button(t("stop"), () => ask("learn_cancel"), { class: "quiet", disabled: now.state === "keeping" }));
    } else {
      spoken.textContent = now?.state === "cancelled" ? t("learn_cancelled") : "";
      fill(bar, may("learn") && button(t("learn_now"), () => ask("learn"), { class: "main-button", disabled: !now?.decisions }),
        lesson && may("unlearn") && button(t("unlearn"), takeBack, { class: "quiet", title: t("unlearn_hint") }),
        now?.state === "cancelled" && h("span", { class: "stage" }, t("learn_cancelled")),
        now?.state === "failed" && h("span", { class: "stage bad" }, now.error));
    }
    if (held) bar.querySelector("button")?.focus();
  }

  async function takeBack() {
    if (!(await confirm(t("unlearn_sure"), t("unlearn")))) return;
    const answer = await send("unlearn", { at: lesson.at });
    if (answer) tell("said", t("unlearned", { n: answer.taken }));
    await load();
  }

  on("learning", ({ over }) => {
    if (!open) return;
    drawBar();
    if (over) load();
    else if (!head.contains(document.activeElement)) drawHead();
  });
  on("study", () => open && draw());
  on("runs", () => open && load());

  return {
    element,
    redraw: draw,
    async open() {
      open = true;
      draw();
      await load();
      window.scrollTo(0, 0);
    },
    close() {
      open = false;
    },
  };
}

// ---- how good each code is

function qualityOf(lesson) {
  const known = lesson.codes.filter((row) => store.codes.has(row.path));
  const order = (row) => [row.f1 == null ? 1 : 0, -(row.f1 ?? 0), -row.codings];
  known.sort((a, b) => order(a).reduce((found, value, at) => found || value - order(b)[at], 0));
  const better = known.filter((row) => change(row) > 0).length;
  const worse = known.filter((row) => change(row) < 0).length;
  const before = known.some((row) => row.was);
  return [
    h("h2", {}, t("quality")),
    h("p", { class: "hint" }, t("quality_hint")),
    before && h("p", { class: "changes" }, h("span", { class: "up" }, `▲ ${t("better", { n: better })}`), h("span", { class: "down" }, `▼ ${t("worse", { n: worse })}`)),
    tableOf(known.filter(coded)),
    known.some((row) => !coded(row)) && h("details", {}, h("summary", {}, t("codes_without", { n: known.filter((row) => !coded(row)).length })), tableOf(known.filter((row) => !coded(row)))),
    lesson.curve.length > 1 && curveOf(lesson.curve),
  ];
}

const coded = (row) => row.codings > 0 || Boolean(row.was?.codings);

function tableOf(rows) {
  return h("table", {}, h("thead", {}, h("tr", {}, ["code", "codings_short", "like_people", "since", "verdict"].map((key) => h("th", { scope: "col", class: key }, t(key))))),
    h("tbody", {}, rows.map(rowOf)));
}

/** How much better it is than the last time; NaN where that cannot be told. */
function change(row) {
  const by = row.f1 == null || row.was?.f1 == null ? NaN : row.f1 - row.was.f1;
  return Math.abs(by) < SMALL ? 0 : by;
}

function rowOf(row) {
  const code = store.codes.get(row.path);
  const learned = row.f1 != null;
  const verdict = row.verdict.replaceAll(" ", "_");
  const missing = row.codings < ENOUGH ? t("codings_missing", { n: ENOUGH - row.codings }) : t("too_alike");
  const figures = learned
    ? [h("span", { class: "track", "aria-hidden": "true", vars: { "--low": row.f1_low, "--high": row.f1_high, "--at": row.f1 } },
      h("i", { class: "range" }), row.was?.f1 != null && h("i", { class: "was", vars: { "--at": row.was.f1 } }), h("i", { class: "now" })),
    h("span", { class: "figure" }, score(row.f1)), h("small", {}, `${score(row.f1_low)}–${score(row.f1_high)}`)]
    : h("small", {}, missing);
  return h("tr", { vars: { "--code": code.colour } },
    h("th", { scope: "row" }, h("span", { class: "dot" }), h("a", { href: `#/codebook/${encodeURIComponent(row.path)}` }, nameOf(code))),
    h("td", { class: "codings_short" }, String(row.codings), h("small", {}, ` ${t("by_respondents", { n: row.respondents })}`)),
    h("td", { class: "like_people" }, figures), h("td", { class: "since" }, sinceOf(row)),
    h("td", { class: "verdict" }, h("span", { class: `tag ${verdict}`, title: t(`${verdict}_hint`) }, t(verdict))));
}

function sinceOf(row) {
  const by = change(row);
  if (Number.isNaN(by)) return row.f1 != null && row.was ? h("span", { class: "up" }, t("first_time")) : "";
  if (by === 0) return h("small", {}, t("same"));
  return h("span", { class: by > 0 ? "up" : "down" }, `${by > 0 ? "▲" : "▼"} ${score(Math.abs(by))}`);
}

function curveOf(curve) {
  return h("figure", { class: "curve" }, h("figcaption", {}, t("curve")),
    h("ol", {}, curve.map((one) => h("li", {}, h("i", { vars: { "--share": one.macro_f1 }, "aria-hidden": "true" }), h("b", {}, score(one.macro_f1)), h("small", {}, t("n_respondents", { n: one.respondents }))))));
}

// ---- what to code next

function nextOf(lesson) {
  const { next, coded } = lesson;
  return [
    h("h2", {}, t("next")),
    h("p", { class: "hint" }, next.length ? t("next_hint") : t("next_none")),
    coded > 0 && h("p", { class: "hint" }, t("next_done", { n: coded })),
    h("ol", {}, next.map(cardOf)),
  ];
}

function cardOf(one) {
  const at = `at=${one.start}-${one.end}`;
  const href = one.kind === "survey"
    ? `#/answers/${encodeURIComponent(one.source)}?document=${encodeURIComponent(one.document)}&${at}`
    : `#/text/${encodeURIComponent(one.document)}?${at}`;
  const best = new Map(); // several machines can suggest the same
  for (const [path, value] of one.suggested) if (store.codes.has(path) && !best.has(path)) best.set(path, value);
  const suggested = [...best].slice(0, 3);
  return h("li", {}, h("a", { href }, h("q", {}, one.text.replace(/\s+/g, " ").trim()), h("span", { class: "by" }, saidBy(one)),
    suggested.length ? h("span", { class: "suggested" }, suggested.map(([path, value]) => h("span", { class: "guess", vars: { "--code": store.codes.get(path).colour } }, h("span", { class: "dot" }), `${nameOf(store.codes.get(path))} ${score(value)}`))) : null));
}
