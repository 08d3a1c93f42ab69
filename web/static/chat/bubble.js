// One line of the conversation as elements.

import { el, icon, iconButton, textWithLinks } from "./dom.js";
import { voiceNote } from "./voice.js";

const LONG_PRESS = 450;

export class Bubbles {
  /** `act` holds what can be done with a line: tap, reply, resend, remove, view. */
  constructor({ words, clock, company, act }) {
    this.words = words;
    this.clock = clock;
    this.company = company;
    this.act = act;
  }

  /** What the look of a line depends on: when it changes, the line is drawn anew. */
  static look(line) {
    return JSON.stringify([line.text, line.files, line.buttons, line.state, line.error, line.quote, line.progress]);
  }

  line(line) {
    const who = line.mine ? this.words.say("me") : this.company;
    const body = el(
      "div",
      { class: "body" },
      line.quote && el("p", { class: "quote", text: line.quote }),
      ...this.#files(line),
      line.text && el("p", { class: "bubble", dir: "auto" }, ...textWithLinks(line.text)),
      this.#meta(line),
      this.#chips(line),
    );
    const node = el(
      "article",
      { class: `line ${line.mine ? "mine" : "theirs"} ${line.state ?? ""}`, "aria-label": who },
      !line.mine && el("span", { class: "avatar small", "aria-hidden": "true", text: this.company.slice(0, 1) }),
      body,
    );
    if (!line.mine) this.#makeReplyable(node, body, line);
    return node;
  }

  day(at) {
    return el("div", { class: "day", role: "separator" }, el("span", { text: this.clock.day(at) }));
  }

  #files(line) {
    const photos = line.files.filter((file) => file.kind === "photo");
    const others = line.files.filter((file) => file.kind !== "photo");
    const album = el("div", { class: `album ${photos.length > 1 ? "many" : "one"}` }, ...photos.map((f) => this.#photo(f)));
    return [photos.length ? album : null, ...others.map((file) => this.#file(file))];
  }

  #photo(file) {
    const label = this.words.say("photo_view");
    const image = el("img", { src: file.url, alt: this.words.say("photo_alt"), loading: "lazy", decoding: "async" });
    return el(
      "button",
      { type: "button", class: "photo", "aria-label": label, on: { click: () => this.act.view(file.url) } },
      image,
    );
  }

  #file(file) {
    if (file.kind === "voice") return voiceNote(file, this.words);
    const word = this.words.say(file.kind === "location" ? "location_word" : "file_word");
    return el("p", { class: "bubble" }, el("a", { href: file.url, target: "_blank", rel: "noopener", text: word }));
  }

  #meta(line) {
    const at = new Date(line.at);
    const time = el("time", { datetime: at.toISOString(), title: this.clock.full(at), text: this.clock.minute(at) });
    if (!line.mine) return el("p", { class: "meta" }, time);
    if (line.state === "failed") return this.#failed(line);
    const label = line.progress ? `${this.words.say("uploading")} ${line.progress}` : this.words.say(line.state);
    const mark = line.state === "sent" ? icon("check") : el("span", { class: "spinner", "aria-hidden": "true" });
    const shown = line.progress ? el("span", { text: label }) : el("span", { class: "unseen", text: label });
    return el("p", { class: "meta" }, time, mark, shown);
  }

  #failed(line) {
    const button = (key, action) =>
      el("button", { type: "button", class: "link", text: this.words.say(key), on: { click: () => action(line.id) } });
    return el(
      "p",
      { class: "meta failed", role: "alert" },
      icon("alert"),
      el("span", { text: line.error || this.words.say("failed") }),
      line.final ? null : button("resend", this.act.resend),
      button("remove", this.act.remove),
    );
  }

  #chips(line) {
    if (!line.buttons.length) return null;
    return el("div", { class: "chips" }, ...line.buttons.map((row) => el("div", { class: "row" }, ...this.chipRow(row))));
  }

  /** The buttons of one row; the suggestion bar uses them too. */
  chipRow(row) {
    return row.map((button) => (button.url ? this.#link(button) : this.#chip(button)));
  }

  #chip(button) {
    const tap = (event) => this.act.tap(button, event.currentTarget);
    return el("button", { type: "button", class: "chip", data: { button: button.button }, text: button.label, on: { click: tap } });
  }

  #link(button) {
    const safe = /^(https?:|tel:|mailto:|\/(?!\/))/i.test(button.url) ? button.url : "#";
    return el("a", { class: "chip", href: safe, target: "_blank", rel: "noopener noreferrer", text: button.label });
  }

  #makeReplyable(node, body, line) {
    const reply = () => this.act.reply(line);
    body.append(iconButton("reply", this.words.say("reply"), reply, "reply"));
    let timer;
    const stop = () => clearTimeout(timer);
    node.addEventListener("pointerdown", (event) => {
      if (event.pointerType === "touch" && event.target.closest(".bubble")) timer = setTimeout(reply, LONG_PRESS);
    });
    for (const name of ["pointerup", "pointercancel", "pointermove", "pointerleave"]) node.addEventListener(name, stop);
  }
}
