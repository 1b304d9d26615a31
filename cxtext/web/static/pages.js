// The parts of the page. A module gives `make()`, which returns {element, open(part, name, query), close(), keys?, redraw()}.

export const PAGES = [
  { name: "code", parts: ["text", "answers"], load: () => import("./coding.js") },
  { name: "compare", parts: ["compare"], load: () => import("./compare.js") },
  { name: "see", parts: ["see"], load: () => import("./see.js") },
  { name: "codebook", parts: ["codebook"], load: () => import("./codebook.js") },
  { name: "learn", parts: ["learn"], load: () => import("./learn.js") },
];

/** Part, name and query of an address: "#/text/a%20b?at=1-5" is ["text", "a b", "at=1-5"]. */
export function addressOf(hash) {
  const [, part = "", rest = "", query = ""] = hash.match(/^#\/([a-z_]+)(?:\/([^?]*))?(?:\?(.*))?$/) ?? [];
  try {
    return [part, decodeURIComponent(rest), query];
  } catch {
    return [part, rest, query];
  }
}
