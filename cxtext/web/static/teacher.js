// The machine that learns beside the work: how far it is, and beginning by itself where there is enough new to learn.

import { get, post } from "./api.js";
import { h } from "./dom.js";
import { t } from "./labels.js";
import { prefs } from "./prefs.js";
import { may, on, store, tell } from "./store.js";

const SOON = 1000; // milliseconds between looks while it learns
const SELDOM = 8000;
const QUIET = 4000; // nobody coded for so long

/** What the server tells of the machine: {state, busy, share, stage, done, total, error, number, decisions, new, lesson, due}. */
export const teacher = { now: null };

const line = h("div", { class: "learning-line", hidden: true, "aria-hidden": "true" }, h("i"));
let timer = 0;
let coded = 0;
let byItself = 0; // number of the job that began by itself

/** Begin to look. */
export function watch() {
  document.body.append(line);
  on("codings", () => { coded = Date.now(); });
  look();
}

/** Ask how far it is, and look again in a while. */
export async function look() {
  clearTimeout(timer);
  try {
    if (document.visibilityState === "visible" || teacher.now?.busy) heard(await get("learning"));
    if (wanted()) byItself = (await ask("learn")).number;
  } catch {
    // the frame tells when the server is away
  }
  timer = setTimeout(look, teacher.now?.busy ? SOON : SELDOM);
}

const wanted = () =>
  prefs.learning === "on" && store.study && may("learn") && teacher.now?.due && Date.now() - coded > QUIET && document.visibilityState === "visible";

/** Begin ("learn") or stop ("learn_cancel"). */
export async function ask(name) {
  try {
    heard(await post(name, () => ({})));
  } catch (error) {
    tell("trouble", error);
  }
  clearTimeout(timer);
  timer = setTimeout(look, SOON);
  return teacher.now;
}

function heard(now) {
  const before = teacher.now;
  teacher.now = now;
  line.hidden = !now.busy;
  line.firstChild.style.setProperty("--share", now.share);
  const over = before && before.number === now.number && before.busy && !now.busy;
  if (over && now.state === "done") tell("said", t("learned_now"));
  if (over && now.state === "failed" && now.number !== byItself) tell("trouble", new Error(now.error));
  tell("learning", { over: over || before?.lesson !== now.lesson });
}
