// What this browser remembers: language, light or dark, single keys, learning by itself.

const NAMES = { theme: "auto", language: "", keys: "on", suggestions: "on", learning: "on" };

export const prefs = Object.fromEntries(
  Object.entries(NAMES).map(([name, usual]) => [name, localStorage.getItem(`cxtext-${name}`) ?? usual]),
);

/** Remember something. */
export function remember(name, value) {
  prefs[name] = value;
  localStorage.setItem(`cxtext-${name}`, value);
}

/** Light, dark, or as the system has it. */
export function applyTheme() {
  document.documentElement.dataset.theme = prefs.theme;
}
