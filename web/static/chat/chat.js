// The conversation itself: what the server says and what the visitor does, brought together on the page.

import { excerpt } from "./composer.js";

export class Chat {
  /**
   * `code` is the link that opened the page; it is told to the server once and then taken out of the address.
   * `language` is the page's `locale`, and whether it was `chosen` or is a guess from the browser's.
   */
  constructor({ store, connection, lines, timeline, outgoing, unread, toast, typing, head, words, clock, code, language }) {
    Object.assign(this, { store, connection, lines, timeline, outgoing, unread, toast, typing, head, words, clock });
    Object.assign(this, { code, language });
    this.moreToLoad = false;
    for (const entry of store.waiting) this.#showWaiting(entry);
    connection.addEventListener("frame", (event) => this.#receive(event.detail));
    connection.addEventListener("state", (event) => head.state(event.detail));
    if (this.lines.sorted().length) this.draw({ follow: true });
  }

  hello() {
    const { locale, chosen } = this.language;
    return { t: "hello", token: this.store.token, code: this.code, locale, chosen, ...this.lines.cursors() };
  }

  /** A message from the composer. */
  say({ text, files, replyTo, quote }) {
    const id = crypto.randomUUID?.() ?? fallbackId();
    const shown = files.map(({ kind, url }) => ({ kind, url }));
    this.lines.addLocal({ id, text, files: shown, quote, reply_to: replyTo, at: this.clock.now(), state: "sending" });
    this.draw({ follow: true });
    this.outgoing.message(id, { text, files, replyTo });
  }

  /** A double tap is one tap. */
  tap(button, node) {
    if (node.classList.contains("picked")) return;
    node.classList.add("picked");
    setTimeout(() => node.classList.remove("picked"), 1500);
    const id = crypto.randomUUID?.() ?? fallbackId();
    this.lines.addLocal({ id, text: button.label, files: [], at: this.clock.now(), state: "sending" });
    this.draw({ follow: true });
    this.outgoing.tap(id, button.button, button.label);
  }

  /** How one of our own messages stands now. */
  changed(id, changes) {
    if (this.lines.changeLocal(id, changes)) this.draw();
  }

  remove(id) {
    this.outgoing.remove(id);
    this.lines.removeLocal(id);
    this.draw();
  }

  loadOlder() {
    const oldest = this.lines.oldest();
    if (oldest !== null) this.connection.send({ t: "more", before: oldest + 1 });
  }

  draw(how = {}) {
    const lines = this.lines.sorted();
    for (const line of lines) if (line.reply_to && !line.quote) line.quote = this.#quoted(line.reply_to);
    this.timeline.show(lines, how);
    this.head.older(this.moreToLoad);
  }

  #quoted(key) {
    const line = this.lines.byKey.get(key);
    return line ? excerpt(line, this.words) : "";
  }

  #receive(frame) {
    const actions = {
      welcome: () => this.#welcomed(frame),
      lines: () => this.#came(frame),
      ack: () => this.#acknowledged(frame),
      refused: () => this.#refused(frame),
      typing: () => this.typing.show(),
    };
    actions[frame.t]?.();
  }

  #welcomed(frame) {
    this.store.token = frame.token;
    if (this.code) history.replaceState(null, "", addressWithoutCode());
    this.code = null;
    if (this.#otherLanguage(frame.locale)) return;
    const first = this.lines.byKey.size === 0;
    this.head.visitor(frame);
    if (first) this.moreToLoad = frame.more;
    this.#merge(frame.lines, { follow: first, silent: first });
    this.outgoing.flush();
  }

  /** Whoever was here before is spoken to in their language: where the page guessed another, it loads itself again. */
  #otherLanguage(locale) {
    if (this.language.chosen || !locale || locale === this.language.locale) return false;
    const address = new URL(location.href);
    if (address.searchParams.get("lang") === locale) return false;
    address.searchParams.set("lang", locale);
    location.replace(address);
    return true;
  }

  #came(frame) {
    if (frame.older) this.moreToLoad = frame.more;
    this.#merge(frame.lines, { older: frame.older, silent: frame.older });
  }

  #merge(lines, { follow = false, older = false, silent = false }) {
    const fresh = this.lines.merge(lines);
    for (const line of fresh) this.clock.heard(new Date(line.at));
    for (const line of fresh) if (line.id) this.outgoing.stored(line.id);
    const theirs = fresh.filter((line) => !line.mine).length;
    if (theirs && !older) this.typing.hide();
    this.draw({ follow, older, fresh: silent ? 0 : theirs });
    if (!silent) this.unread.add(theirs);
  }

  #acknowledged(frame) {
    this.outgoing.stored(frame.id);
    this.changed(frame.id, { state: "sent" });
  }

  #refused(frame) {
    if (!frame.id || frame.retry) this.toast.show(frame.reason);
    if (frame.id) this.outgoing.refused(frame.id, frame.reason, frame.retry);
  }

  /** A message that was written before the page was reloaded. */
  #showWaiting({ id, frame, files = [], failed = "", at }) {
    const text = frame.t === "tap" ? frame.label : frame.text;
    const state = failed ? "failed" : "sending";
    this.lines.addLocal({ id, text, files, reply_to: frame.reply_to, at: new Date(at), state, error: failed });
  }
}

function addressWithoutCode() {
  const address = new URL(location.href);
  address.searchParams.delete("c");
  return address.pathname + address.search;
}

/** Pages that are not on a secure address have no randomUUID; the id only has to be new among this visitor's own. */
function fallbackId() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
