// The analysis behind map and themes: asked for, waited for with its progress, shown when it is there.

import { get } from "./api.js";
import { button, fill, h } from "./dom.js";
import { language, t } from "./labels.js";

const WAIT = 700; // milliseconds between looks at how far it is

/** Shows an analysis in an element by a function, and what its making does meanwhile. */
export class Analysis {
  constructor(element, draw) {
    this.state = h("div", { class: "making", role: "status" });
    this.shown = h("div");
    this.draw = draw;
    this.timer = 0;
    this.drawn = ""; // which analysis is shown, in which language: the same is not drawn again, under the hand of who reads
    fill(element, this.state, this.shown);
  }

  async open(make) {
    clearTimeout(this.timer);
    const answer = await get("journey", { language, ...(make ? { make: "yes" } : {}) });
    const fresh = `${answer.made} ${language}`;
    if (answer.made && fresh !== this.drawn) this.draw(this.shown, answer);
    if (answer.made) this.drawn = fresh;
    if (answer.state === "working") {
      const { stage, done, total } = answer;
      fill(this.state, h("p", {}, t(`stage_${stage || "read"}`)), h("progress", { max: total || 5, value: done, "aria-label": t("making") }), h("p", { class: "hint" }, t("making_hint")));
      this.timer = setTimeout(() => this.#again(), WAIT);
    } else if (answer.state === "failed") {
      fill(this.state, h("p", { class: "note" }, answer.error), button(t("try_again"), () => this.open(true), { class: "quiet" }));
    } else if (!answer.current) {
      fill(this.state, h("p", {}, t("map_is_older"), " ", button(t("map_anew"), () => this.open(true), { class: "quiet" })));
    } else {
      fill(this.state);
    }
  }

  /** Look again how far it is, also after a look that failed. */
  async #again() {
    try {
      await this.open(false);
    } catch {
      this.timer = setTimeout(() => this.#again(), 5 * WAIT);
    }
  }

  close() {
    clearTimeout(this.timer);
  }
}
