// The frame around every part of the page: its head, messages, the address, and what others changed meanwhile.

import { turn } from "./actions.js";
import { isWaiting } from "./api.js";
import { button, fill, h, refill } from "./dom.js";
import { openHelp } from "./help.js";
import { loadLabels, t } from "./labels.js";
import { addressOf, PAGES } from "./pages.js";
import { openMemos } from "./memos.js";
import { applyTheme, prefs, remember } from "./prefs.js";
import { openSearch } from "./search.js";
import { loadStudy, may, on, refresh, store, tell } from "./store.js";
import { watch } from "./teacher.js";

const POLL = 1500; // milliseconds between looks at what others changed
const THEMES = ["auto", "light", "dark"];
const made = new Map();
let current = null;
let routes = 0;

const head = h("header", { class: "head" });
const main = h("main", { id: "main", tabindex: "-1" });
const said = h("div", { class: "said-so", role: "status", "aria-live": "polite" });
const trouble = h("div", { class: "trouble", role: "alert" });

async function begin() {
  applyTheme();
  document.body.append(h("a", { class: "skip", href: "#main", on: { click: skip } }, ""), head, main, said, trouble);
  const labels = prefs.language && loadLabels(prefs.language);
  const [part] = addressOf(location.hash);
  (PAGES.find(({ parts }) => parts.includes(part)) ?? PAGES[0]).load();
  try {
    await loadStudy();
  } catch (error) {
    fill(main, h("p", { class: "closed" }, error.message));
    return;
  }
  await (labels || loadLabels(store.study.language || navigator.language.slice(0, 2)));
  drawHead();
  await route();
  watch();
  let told = 0; // when the study moved on last: the answer to a change of one's own tells what others changed, too
  on("position", () => { told = Date.now(); });
  setInterval(() => document.visibilityState === "visible" && Date.now() - told > POLL / 2 && refresh(), POLL);
}

function skip(event) {
  event.preventDefault();
  main.focus();
}

function drawHead() {
  document.querySelector(".skip").textContent = t("skip");
  document.title = `${store.study.name} · cxtext`;
  const theme = () => {
    remember("theme", THEMES[(THEMES.indexOf(prefs.theme) + 1) % THEMES.length]);
    applyTheme();
    drawHead();
  };
  const other = () => switchLanguage(document.documentElement.lang === "nl" ? "en" : "nl");
  const nav = PAGES.length > 1 && h("nav", { "aria-label": t("parts") }, PAGES.map(({ name, parts }) =>
    h("a", { href: `#/${parts[0]}`, "data-page": name }, t(`page_${name}`))));
  refill(head,
    button("☰", toggleList, { class: "icon menu", "aria-label": t("documents"), "aria-expanded": String(document.body.classList.contains("list-open")) }),
    h("p", { class: "brand" }, h("b", {}, "cxtext"), h("span", {}, store.study.name)),
    nav,
    h("div", { class: "head-tools" },
      h("span", { class: "state", id: "state" }, t("kept")),
      button("⌕", () => openSearch(), { class: "icon", "aria-label": t("search"), title: `${t("search")} /` }),
      button("✎", () => openMemos(), { class: "icon", "aria-label": t("all_memos"), title: t("all_memos") }),
      may("undo") && button("↶", () => turn("undo"), { class: "icon", "aria-label": t("undo"), title: `${t("undo")} Ctrl+Z` }),
      may("redo") && button("↷", () => turn("redo"), { class: "icon", "aria-label": t("redo"), title: `${t("redo")} Ctrl+Y` }),
      button({ auto: h("span", { class: "half" }), light: "☀", dark: "☾" }[prefs.theme], theme, { class: "icon", "aria-label": t(`theme_${prefs.theme}`), title: t(`theme_${prefs.theme}`) }),
      button(t("other_language"), other, { class: "icon", lang: t("other_language_code"), "aria-label": t("other_language_name") }),
      button("?", () => openHelp(), { class: "icon", "aria-label": t("help"), title: t("help") }),
      store.study.role
        ? h("a", { class: "coder", href: "/sign-in", title: t("sign_out") }, store.study.coder)
        : h("span", { class: "coder", title: t("coder") }, store.study.coder)));
  markPart(addressOf(location.hash)[0]);
}

/** Show or hide the list of documents, where there is no room for it beside the text. */
function toggleList() {
  const open = document.body.classList.toggle("list-open");
  head.querySelector(".menu").setAttribute("aria-expanded", String(open));
  if (open) document.querySelector(".side input")?.focus();
}

async function switchLanguage(language) {
  remember("language", language);
  await loadLabels(language);
  drawHead();
  current?.redraw();
}

/** Open the part that the address names. */
async function route() {
  const [part, rest, query] = addressOf(location.hash);
  const page = PAGES.find(({ parts }) => parts.includes(part)) ?? PAGES[0];
  const asked = ++routes;
  markPart(part);
  try {
    if (!made.has(page.name)) made.set(page.name, (await page.load()).make());
    if (asked !== routes) return; // another part was asked for meanwhile
    const wanted = made.get(page.name);
    if (wanted !== current) {
      current?.close();
      current = wanted;
      document.body.dataset.page = page.name;
      fill(main, wanted.element);
    }
    document.body.classList.remove("list-open");
    await wanted.open(part, rest, query);
  } catch (error) {
    tell("trouble", error);
  }
  markPart(addressOf(location.hash)[0]);
}

/** Show in the head which part is open. */
function markPart(part) {
  for (const link of head.querySelectorAll("nav a")) {
    const { parts } = PAGES.find(({ name }) => name === link.dataset.page);
    if (parts.includes(part)) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}

function message(element, text, lasting) {
  fill(element, h("p", {}, text));
  clearTimeout(element.timer);
  element.timer = setTimeout(() => element.replaceChildren(), lasting);
}

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, textarea, select, dialog");
  const written = event.target.matches?.("input:not([type=checkbox]), textarea") && event.target.value; // has an undo of its own
  const control = event.ctrlKey || event.metaKey;
  const key = event.key.toLowerCase();
  if (event.key === "Escape" && document.body.classList.contains("list-open")) {
    toggleList();
    head.querySelector(".menu").focus();
  } else if (control && !event.altKey && (key === "z" || key === "y") && !written) {
    turn(key === "y" || event.shiftKey ? "redo" : "undo");
  } else if (control && key === "k") {
    openSearch();
  } else if (!typing && !control && !event.altKey && prefs.keys === "on" && key === "/") {
    openSearch();
  } else if (!typing && !control && !event.altKey && prefs.keys === "on" && key === "?") {
    openHelp();
  } else if (!typing && current?.keys?.(event)) {
    // done by the part that is open
  } else {
    return;
  }
  event.preventDefault();
});

on("trouble", (error) => {
  const known = error.message === "offline" ? t("offline") : error.message;
  message(trouble, known, 12_000);
});
on("said", (text) => message(said, text, 4_000));
const state = (text, lost) => {
  const element = document.getElementById("state");
  if (element) element.textContent = text;
  element?.classList.toggle("lost", lost);
};
on("offline", (error) => state(error.message === "offline" ? t("offline") : error.message, true));
on("online", () => state(t("kept"), false));
addEventListener("beforeunload", (event) => isWaiting() && event.preventDefault()); // the browser asks whether to leave
addEventListener("hashchange", route);
begin();
