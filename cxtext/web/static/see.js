// What the study says as it is coded now: map, codes by attribute, quotes, themes, and what leaves it.

import { button, fill, h, refill } from "./dom.js";
import { t } from "./labels.js";
import { tell } from "./store.js";
import { Watch } from "./watch.js";

const PARTS = {
  map: () => import("./see_map.js"),
  themes: () => import("./see_themes.js"),
  codes: () => import("./see_codes.js"),
  quotes: () => import("./see_quotes.js"),
  share: () => import("./see_share.js"),
};

export function make() {
  const tabs = h("nav", { class: "tabs" });
  const news = h("p", { class: "news", hidden: true });
  const wait = h("p", { class: "wait", role: "status" });
  const body = h("div", { class: "see-body" });
  const element = h("div", { class: "see" }, tabs, news, wait, body);
  const made = new Map();
  let part = null;
  let query = "";
  const watch = new Watch(moved, { figures: "yes" });

  /** Something changed: themes are shown at once, as somebody chose them; for codings one is asked. */
  function moved(now, before) {
    if (now.version === before.version || !part) return;
    if (now.material === before.material) show(true).catch((error) => tell("trouble", error));
    else stale();
  }

  function stale() {
    fill(news, t("changed_since"), " ", button(t("look_again"), () => show(true), { class: "quiet" }));
    news.hidden = false;
  }

  async function show(again = false) {
    news.hidden = true;
    const busy = setTimeout(() => part.element.textContent || fill(wait, t("counting")), 250);
    try {
      await part.open(query, again);
    } finally {
      clearTimeout(busy);
      fill(wait);
    }
  }

  function drawTabs(name) {
    tabs.setAttribute("aria-label", t("see_parts"));
    refill(tabs, Object.keys(PARTS).map((one) => h("a", { href: `#/see/${one}`, "aria-current": one === name ? "page" : null }, t(`see_${one}`))));
    const here = tabs.querySelector("[aria-current]"); // in sight, where there is no room for all
    if (here) tabs.scrollLeft = here.offsetLeft - (tabs.clientWidth - here.offsetWidth) / 2;
  }

  return {
    element,
    redraw() {
      drawTabs([...made].find(([, one]) => one === part)?.[0]);
      show().catch((error) => tell("trouble", error));
    },
    async open(_, name, given) {
      const chosen = name in PARTS ? name : "map";
      if (!made.has(chosen)) made.set(chosen, (await PARTS[chosen]()).make());
      if (part !== made.get(chosen)) {
        part?.close?.();
        part = made.get(chosen);
        fill(body, part.element);
        window.scrollTo(0, 0);
      }
      query = given;
      drawTabs(chosen);
      watch.start();
      await show();
    },
    close() {
      watch.stop();
      part?.close?.();
    },
  };
}
