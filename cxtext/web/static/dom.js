// Making elements: text is only ever text, never markup.

/** Make an element; props are attributes, `on` holds listeners, `vars` custom properties. */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name === "on") {
      for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    } else if (name === "vars") {
      for (const [key, one] of Object.entries(value)) element.style.setProperty(key, one);
    } else if (value === true) {
      element.setAttribute(name, "");
    } else if (value !== false && value != null) {
      element.setAttribute(name, value);
    }
  }
  element.append(...children.flat().filter((child) => child != null && child !== false));
  return element;
}

/** A button with a text, and what it does. */
export function button(text, does, props = {}) {
  return h("button", { type: "button", ...props, on: { click: does } }, text);
}

/** Put children in the place of what an element holds. */
export function fill(element, ...children) {
  element.replaceChildren(...children.flat().filter((child) => child != null && child !== false));
  return element;
}

const REACHED = "a[href], button, input, select, textarea, summary, [tabindex]";

/**
 * Fill, and leave the focus where it was: on what has the same key, or the same place among what can be reached.
 * What was open under a summary with a key stays open.
 */
export function refill(element, ...children) {
  const held = element.contains(document.activeElement) ? document.activeElement : null;
  const at = held ? [...element.querySelectorAll(REACHED)].indexOf(held) : -1;
  const open = new Set([...element.querySelectorAll("details[open] > summary[data-key]")].map((one) => one.dataset.key));
  fill(element, ...children);
  for (const one of element.querySelectorAll("summary[data-key]")) if (open.has(one.dataset.key)) one.parentElement.open = true;
  if (!held) return element;
  const key = held.dataset.key;
  const same = key && element.querySelector(`[data-key="${CSS.escape(key)}"]`);
  (same || element.querySelectorAll(REACHED)[at])?.focus({ preventScroll: true });
  return element;
}

/** Call once, a moment after the last of many calls. */
export function later(call, wait) {
  let timer = 0;
  return (...given) => {
    clearTimeout(timer);
    timer = setTimeout(() => call(...given), wait);
  };
}

/** Index of the first item for which a test holds, in a list where it holds from some item on. */
export function firstWhere(items, test) {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (test(items[middle])) high = middle;
    else low = middle + 1;
  }
  return low;
}
