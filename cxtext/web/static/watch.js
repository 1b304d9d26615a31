// Looking whether the study moved on, while a page is open that does not follow each change.

import { get } from "./api.js";
import { on, store, tell } from "./store.js";

const POLL = 2500; // milliseconds

/** Call with the position of the study whenever it moved on. */
export class Watch {
  constructor(moved, asked = {}) {
    this.moved = moved;
    this.asked = asked;
    this.timer = 0;
    this.last = null;
    on("position", () => this.timer && this.look());
  }

  /** Begin to look; what is shown now is the position. */
  start() {
    clearInterval(this.timer);
    this.timer = setInterval(() => document.visibilityState === "visible" && this.look(), POLL);
    this.look();
  }

  stop() {
    clearInterval(this.timer);
    this.timer = 0;
  }

  async look() {
    try {
      const now = await get("position", this.asked);
      if (!this.timer) return;
      if (!store.opened) store.number = now.number;
      const before = this.last;
      this.last = now;
      tell("online");
      if (before && before.number !== now.number) this.moved(now, before);
    } catch (error) {
      tell("offline", error);
    }
  }
}
