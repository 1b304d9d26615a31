// The stripes in the margin: one for each coding, as high as the lines it is on, side by side where they overlap.

import { isOpen } from "./actions.js";
import { colourOf } from "./draw.js";
import { h } from "./dom.js";

const MOST = 6; // stripes side by side

/** Draw the stripes of some blocks that are in sight: measure what changed, then draw what became different. */
export function drawStripes(reader, from, to) {
  for (let at = from; at < to; at += 1) reader.measured[at] ??= { boxes: boxesOf(reader, at), drawn: null };
  const lanes = new Map(); // coding: lane, so that a stripe goes straight on in the next block
  for (let at = from; at < to; at += 1) {
    const bars = barsOf(reader.measured[at].boxes, lanes);
    const sign = bars.map(({ one, lane }) => `${one.id} ${lane} ${one.id === reader.chosen}`).join();
    if (sign === reader.measured[at].drawn) continue;
    reader.measured[at].drawn = sign;
    reader.elements[at].querySelector(".stripes").replaceChildren(...bars.map((bar) => stripe(bar, reader.chosen)));
  }
}

/** Where the codings of a block are: {one, top, bottom}. */
function boxesOf(reader, at) {
  const block = reader.blocks[at];
  const codings = reader.codingsIn(at);
  if (!codings.length) return [];
  const said = reader.elements[at].querySelector(".said").getBoundingClientRect();
  return codings.flatMap((one) => {
    const boxes = reader.range({ ...one, start: Math.max(one.start, block.start), end: Math.min(one.end, block.end) })?.getClientRects();
    return boxes?.length ? [{ one, top: boxes[0].top - said.top, bottom: boxes[boxes.length - 1].bottom - said.top }] : [];
  });
}

/** The same with a lane for each that has room. */
function barsOf(boxes, lanes) {
  const busy = []; // per lane: where its last stripe ends
  const bars = [];
  for (const { one, top, bottom } of boxes) {
    let lane = lanes.get(one.id) ?? 0;
    while (lane < MOST && (busy[lane] ?? -1) > top + 1) lane += 1;
    if (lane >= MOST) continue;
    lanes.set(one.id, lane);
    busy[lane] = bottom;
    bars.push({ one, lane, top, height: Math.max(6, bottom - top) });
  }
  return bars;
}

function stripe({ one, lane, top, height }, chosen) {
  return h("i", {
    class: `stripe${isOpen(one) ? " open" : ""}${one.id === chosen ? " chosen" : ""}`,
    vars: { "--code": colourOf(one.path), "--lane": lane, top: `${top}px`, height: `${height}px` },
  });
}
