// The emotion curve, where the library says that its lines, points and texts go.

import { quotesAt } from "./places.js";

const SVG = "http://www.w3.org/2000/svg";

function s(tag, props = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(props)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** Draw a figure of the library; `phaseAt(x, y)` is the number of the phase of a point, which opens its quotes. */
export function drawCurve(figure, phases, phaseAt) {
  const rect = ([x, y, width, height], kind) => s("rect", { x, y, width: Math.max(0, width), height: Math.max(0, height), class: kind });
  const line = ([x1, y1, x2, y2], kind) => s("line", { x1, y1, x2, y2, class: kind });
  const point = ([x, y, few]) => {
    const phase = phases[phaseAt(x, y)];
    const dot = s("circle", { cx: x, cy: y, r: 6, class: few ? "point few" : "point" });
    if (!phase) return dot;
    return s("a", { href: quotesAt({ phase: phase.id }), "aria-label": `${phase.name}: ${phase.feeling}` }, s("circle", { cx: x, cy: y, r: 16, class: "reach" }), dot);
  };
  return s("svg", { viewBox: `0 0 ${figure.width} ${figure.height}`, class: "curve", role: "group", "aria-label": figure.description },
    rect(figure.above, "above"), rect(figure.below, "below"),
    ...figure.grid.map((one) => line(one, "grid")),
    ...figure.bands.map((points) => s("polygon", { points, class: "band" })),
    ...figure.lines.map((points) => s("polyline", { points, class: "line-of" })),
    ...figure.whiskers.map((one) => line(one, "whisker")),
    ...figure.points.map(point),
    ...figure.texts.map(({ kind, x, y, anchor, text }) => s("text", { x, y, "text-anchor": anchor, class: `text-${kind}`, "aria-hidden": "true" }, text)));
}
