// The scrolling log: lines in order with a mark at each new day, and a view that stays where the reader is.

import { Bubbles } from "./bubble.js";
import { el } from "./dom.js";

const NEAR = 90;

export class Timeline extends EventTarget {
  /** Fires `suggest` with the newest buttons that are out of sight (or none). */
  constructor({ scroller, log, bubbles, clock, jump }) {
    super();
    Object.assign(this, { scroller, log, bubbles, clock, jump });
    this.nodes = new Map();
    this.days = new Map();
    this.freshChips = null;
    this.unseen = 0;
    scroller.addEventListener("scroll", () => this.atEnd() && this.#seen(), { passive: true });
    jump.addEventListener("click", () => this.toEnd());
    new ResizeObserver(() => this.stuck && this.toEnd()).observe(scroller);
    this.watcher = new IntersectionObserver((entries) => this.#chipsSeen(entries.at(-1)), { root: scroller });
  }

  atEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    this.stuck = scrollHeight - scrollTop - clientHeight < NEAR;
    return this.stuck;
  }

  toEnd() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.#seen();
  }

  /** Draw these lines. `older`: they were added above, keep what is being read in place. `fresh`: new ones from others. */
  show(lines, { older = false, fresh = 0, follow = false } = {}) {
    const stick = follow || this.atEnd();
    const before = this.scroller.scrollHeight - this.scroller.scrollTop;
    this.log.setAttribute("aria-busy", older);
    this.#arrange(this.#wanted(lines));
    this.#mark(lines);
    if (older) this.scroller.scrollTop = this.scroller.scrollHeight - before;
    else if (stick) this.toEnd();
    else if (fresh) this.#announce(fresh);
    this.log.removeAttribute("aria-busy");
  }

  #wanted(lines) {
    const wanted = [];
    let day = "";
    for (const line of lines) {
      const key = this.clock.dayKey(new Date(line.at));
      if (key !== day) wanted.push(this.#day(key, line.at));
      day = key;
      wanted.push(this.#line(line));
    }
    return wanted;
  }

  /** Made once for a day, and renamed when what was today is yesterday. */
  #day(key, at) {
    const node = this.days.get(key) ?? this.bubbles.day(new Date(at));
    this.days.set(key, node);
    const name = this.clock.day(new Date(at));
    if (node.textContent !== name) node.firstChild.textContent = name;
    return node;
  }

  #line(line) {
    const key = line.mine && line.id ? line.id : line.key;
    const look = Bubbles.look(line);
    const known = this.nodes.get(key);
    if (known?.look === look) return known.node;
    const node = this.bubbles.line(line);
    known?.node.replaceWith(node);
    this.nodes.set(key, { node, look });
    return node;
  }

  /** Put nodes in order and take away the rest, touching only what is out of place. */
  #arrange(wanted) {
    const keep = new Set(wanted);
    for (const child of [...this.log.children]) if (!keep.has(child)) child.remove();
    let place = this.log.firstChild;
    for (const node of wanted) {
      if (node === place) place = place.nextSibling;
      else this.log.insertBefore(node, place);
    }
    for (const [key, { node }] of this.nodes) if (!keep.has(node)) this.nodes.delete(key);
  }

  /** Lines that follow one another closely belong together; buttons above our last word are old. */
  #mark(lines) {
    const lastMine = lines.findLastIndex((line) => line.mine);
    lines.forEach((line, index) => {
      const { node } = this.nodes.get(line.mine && line.id ? line.id : line.key);
      node.classList.toggle("goes-on", together(line, lines[index + 1], this.clock));
      node.classList.toggle("follows", together(lines[index - 1], line, this.clock));
      node.classList.toggle("old", index < lastMine);
    });
    this.#watchChips(lines.slice(lastMine + 1).findLast((line) => line.buttons.length));
  }

  #watchChips(line) {
    this.watcher.disconnect();
    this.freshChips = line ?? null;
    const chips = line && this.nodes.get(line.key).node.querySelector(".chips");
    if (chips) this.watcher.observe(chips);
    else this.dispatchEvent(new CustomEvent("suggest", { detail: [] }));
  }

  #chipsSeen(entry) {
    const buttons = entry.isIntersecting ? [] : (this.freshChips?.buttons.flat() ?? []);
    this.dispatchEvent(new CustomEvent("suggest", { detail: buttons }));
  }

  #announce(count) {
    this.unseen += count;
    this.jump.hidden = false;
    this.jump.querySelector(".count").textContent = this.unseen;
  }

  #seen() {
    this.unseen = 0;
    this.stuck = true;
    this.jump.hidden = true;
  }
}

function together(one, other, clock) {
  if (!one || !other || one.mine !== other.mine || one.buttons.length || one.state === "failed") return false;
  const [first, second] = [new Date(one.at), new Date(other.at)];
  return second - first < 120_000 && clock.dayKey(first) === clock.dayKey(second);
}

/** The three dots that say that an answer is on its way. */
export class TypingMark {
  constructor(scroller, words) {
    this.node = el("div", { class: "typing", role: "status", hidden: true });
    this.node.append(el("span", { class: "unseen", text: words.say("typing") }), el("i"), el("i"), el("i"));
    scroller.append(this.node);
  }

  show() {
    this.node.hidden = false;
    this.node.scrollIntoView({ block: "nearest" });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.hide(), 8000);
  }

  hide() {
    clearTimeout(this.timer);
    this.node.hidden = true;
  }
}
