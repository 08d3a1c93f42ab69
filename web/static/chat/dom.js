// Small helpers to build elements. Text goes in through textContent only, so nothing people write is ever markup.

const SVG = "http://www.w3.org/2000/svg";

const ICONS = {
  send: "M4.5 12h13M12 5.5l6.5 6.5-6.5 6.5",
  photo: "M4.5 6.5h15v11h-15zM4.5 15l4-4 4 4 2.5-2.5 4.5 4.5M14.5 10.2v.1",
  mic: "M12 4a2.5 2.5 0 0 1 2.5 2.5v5a2.5 2.5 0 0 1-5 0v-5A2.5 2.5 0 0 1 12 4zM6.5 11.5a5.5 5.5 0 0 0 11 0M12 17v3",
  close: "M6.5 6.5l11 11M17.5 6.5l-11 11",
  reply: "M9.5 6l-5 5 5 5M5 11h8.5a5.5 5.5 0 0 1 5.5 5.5V18",
  play: "M8.5 6v12l9-6z",
  pause: "M9 6.5v11M15 6.5v11",
  down: "M6 9.5l6 6 6-6",
  check: "M5.5 12.5l4.2 4.2 8.8-9",
  alert: "M12 7v6.5M12 16.8v.1",
};

/** An element with attributes; `text`, `on` (listeners) and `data` are special. Empty attributes are left out. */
export function el(tag, { text, on = {}, data = {}, ...attributes } = {}, ...children) {
  const node = document.createElement(tag);
  if (text !== undefined) node.textContent = text;
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== null && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  for (const [name, listener] of Object.entries(on)) node.addEventListener(name, listener);
  Object.assign(node.dataset, data);
  node.append(...children.filter(Boolean));
  return node;
}

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.classList.add("icon", `icon-${name}`);
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/** A round button that shows an icon and is read out as `label`. */
export function iconButton(name, label, onClick, className = "") {
  return el(
    "button",
    { type: "button", class: `icon-button ${className}`, "aria-label": label, title: label, on: { click: onClick } },
    icon(name),
  );
}

/** Text with the web addresses in it made clickable. */
export function textWithLinks(text) {
  const pieces = text.split(/(https?:\/\/[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]+)/);
  return pieces.map((piece, index) =>
    index % 2 ? el("a", { href: piece, target: "_blank", rel: "noopener noreferrer", text: piece }) : piece,
  );
}
