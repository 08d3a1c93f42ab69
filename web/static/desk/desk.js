// Brings the desk to life: running clocks, news without reload, sentences in place.

const body = document.body;
const [DAY, HOUR, MINUTE] = body.dataset.units.split("|");
const TOAST_MS = 4500;
const RETRY_MS = 3000;

// The company's time, which a demo may have moved ahead of this computer's.
let base = { server: Date.parse(body.dataset.now), here: performance.now() };
const now = () => base.server + performance.now() - base.here;

function duration(ms) {
  const minutes = Math.floor(Math.abs(ms) / 60000);
  const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60), minutes % 60];
  if (days) return `${days}${DAY}${hours}${HOUR}`;
  if (hours) return `${hours}${HOUR}${String(rest).padStart(2, "0")}${MINUTE}`;
  return `${rest}${MINUTE}`;
}

function tick() {
  for (const node of document.querySelectorAll("[data-due]")) {
    const left = Date.parse(node.dataset.due) - now();
    const text = (left <= 0 ? body.dataset.over : body.dataset.left).replace("{time}", duration(left));
    if (node.textContent !== text) node.textContent = text;
    node.closest(".clock")?.classList.toggle("late", left <= 0);
  }
}

// News: the server only says that something changed; the parts of the page then fetch themselves.
let source = null;

function listen() {
  source?.close();
  source = new EventSource("/desk/live");
  const heard = ({ data }) => {
    base = { server: Date.parse(data), here: performance.now() };
    document.querySelector(".lost").hidden = true;
    tick();
  };
  source.addEventListener("now", heard);
  source.addEventListener("changed", (event) => {
    heard(event);
    htmx.trigger(body, "changed");
  });
  source.addEventListener("error", () => {
    document.querySelector(".lost").hidden = false;
    if (source.readyState === EventSource.CLOSED) setTimeout(wake, RETRY_MS);
  });
}

// A hidden page holds no connection: browsers allow few. Whoever comes back looks at once.
function wake() {
  if (document.hidden) {
    source?.close();
    source = null;
  } else {
    listen();
    htmx.trigger(body, "changed");
  }
}

// What somebody is writing is not swept away by news.
function isBusy(part) {
  if (part.contains(document.activeElement) && document.activeElement.matches("input, textarea, select")) return true;
  return [...part.querySelectorAll("textarea, select, input:not([type=hidden])")].some(isTouched);
}

function isTouched(field) {
  if (field.matches("select")) {
    return field.selectedIndex !== Math.max(0, [...field.options].findIndex((option) => option.defaultSelected));
  }
  return field.matches("[type=radio]") ? field.checked !== field.defaultChecked : field.value !== field.defaultValue;
}

// Drawers that stood open stay open when their part is fetched anew.
const drawerOf = (details) => details.querySelector("[name=form]")?.value ?? details.querySelector("summary").textContent;
let standing = new Map();

function rememberDrawers(part) {
  if (part.id) standing.set(part.id, [...part.querySelectorAll("details[open]")].map(drawerOf));
}

function reopenDrawers() {
  for (const [id, open] of standing) {
    for (const details of document.querySelectorAll(`#${id} details`)) {
      if (open.includes(drawerOf(details))) details.open = true;
    }
  }
  standing = new Map();
}

body.addEventListener("htmx:beforeRequest", (event) => {
  const part = event.target;
  if (part.matches("[data-calm]") && isBusy(part)) event.preventDefault();
});

// A part that cannot be fetched stays as it was, and so does one that somebody began to fill in meanwhile.
body.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const failed = detail.requestConfig.verb === "get" && detail.xhr.status >= 400;
  const busy = detail.target.matches("[data-calm]") && isBusy(detail.target);
  if (failed || busy) detail.shouldSwap = false;
  rememberDrawers(detail.target);
});

body.addEventListener("htmx:afterSwap", () => {
  reopenDrawers();
  tick();
});

body.addEventListener("htmx:beforeRequest", ({ target }) => {
  if (target.matches("form.act")) target.querySelector(".said").textContent = "";
});

// Whose login has ended goes to the door, but not away from what they are writing.
body.addEventListener("htmx:beforeOnLoad", (event) => {
  const { xhr, requestConfig } = event.detail;
  const news = requestConfig.verb === "get" && xhr.getResponseHeader("HX-Redirect");
  if (news && [...document.querySelectorAll("[data-calm]")].some(isBusy)) event.preventDefault();
});

// After a new login in another tab the forms that were kept belong to the old one.
body.addEventListener("htmx:afterSwap", ({ detail }) => {
  const fresh = detail.xhr.responseText.match(/name="csrf" value="([^"]+)"/)?.[1];
  if (fresh) for (const field of document.querySelectorAll("[name=csrf]")) field.value = fresh;
});

// A refund of more than the visit cost is most likely a slip of the finger.
body.addEventListener("input", ({ target }) => {
  const note = target.form?.querySelector("[data-above]");
  if (!note) return;
  const { means, amount } = target.form.elements;
  note.hidden = means.value !== "cash" || !(Number(amount.value) * 100 > Number(note.dataset.above));
});

let hiding = 0;

body.addEventListener("said", ({ target, detail }) => {
  const form = target.closest("form");
  form?.reset();
  form?.closest("details")?.removeAttribute("open");
  if (form?.contains(document.activeElement)) document.activeElement.blur();
  const toast = document.querySelector(".toast");
  toast.textContent = detail.text;
  toast.classList.add("shown");
  clearTimeout(hiding);
  hiding = setTimeout(() => toast.classList.remove("shown"), TOAST_MS);
});

body.addEventListener("htmx:sendError", ({ target }) => {
  const said = target.querySelector?.(".said");
  if (said) said.textContent = document.querySelector(".lost").textContent;
});

body.addEventListener("click", (event) => {
  const photo = event.target.closest("a.photo");
  if (!photo || event.metaKey || event.ctrlKey) return;
  event.preventDefault();
  const viewer = document.querySelector(".viewer");
  viewer.querySelector("img").src = photo.href;
  viewer.showModal();
});

document.addEventListener("visibilitychange", wake);
document.querySelector("nav [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });
setInterval(tick, 1000);
tick();
listen();
