// What we want to say, until the server has it for good. A message is on its way, stored, or failed; never just gone.

import { upload } from "./upload.js";

export class Outgoing {
  /** `changed(id, changes)` tells the page how a message stands. */
  constructor({ store, connection, words, locale, changed }) {
    Object.assign(this, { store, connection, words, locale, changed });
    this.blobs = new Map();
    this.paced = false;
  }

  /** Files go first, then the message that names them. */
  async message(id, { text, files, replyTo }) {
    const frame = { t: "send", id, text, files: [], reply_to: replyTo };
    if (!files.length) {
      this.#dispatch({ id, frame, at: Date.now() });
      return;
    }
    this.blobs.set(id, { frame, files });
    await this.#upload(id);
  }

  tap(id, button, label) {
    this.#dispatch({ id, frame: { t: "tap", id, button, label }, at: Date.now() });
  }

  /** Everything that waits, again: the server knows by the id what it has already. */
  flush() {
    this.#hurry();
    for (const entry of this.store.waiting) if (!entry.failed) this.connection.send(entry.frame);
  }

  resend(id) {
    if (this.blobs.has(id)) {
      this.#upload(id);
      return;
    }
    const entry = this.store.waiting.find((other) => other.id === id);
    if (entry) this.#dispatch({ ...entry, failed: "" });
  }

  remove(id) {
    this.blobs.delete(id);
    this.store.drop(id);
  }

  /** The server has it. */
  stored(id) {
    if (this.store.drop(id) && this.paced) this.#next();
  }

  refused(id, reason, retry) {
    const entry = this.store.waiting.find((other) => other.id === id);
    if (!entry) return;
    if (retry) {
      this.#slowDown(retry);
      return;
    }
    this.store.keep({ ...entry, failed: reason });
    this.changed(id, { state: "failed", error: reason, final: true });
    if (this.paced) this.#next();
  }

  /** From here one at a time, each after the one before was stored, so that their order stays. */
  #slowDown(seconds) {
    this.#hurry();
    this.paced = true;
    this.timer = setTimeout(() => this.#next(), seconds * 1000);
  }

  #hurry() {
    clearTimeout(this.timer);
    this.paced = false;
  }

  #next() {
    const entry = this.store.waiting.find((other) => !other.failed);
    if (entry) this.connection.send(entry.frame);
    else this.#hurry();
  }

  #dispatch(entry) {
    this.store.keep(entry);
    this.changed(entry.id, { state: "sending", error: "", progress: "" });
    if (!this.paced) this.connection.send(entry.frame);
  }

  async #upload(id) {
    const { frame, files } = this.blobs.get(id);
    this.changed(id, { state: "sending", error: "" });
    try {
      for (const [index, file] of files.entries()) file.stored ??= await this.#one(id, file, index, files.length);
    } catch (error) {
      this.changed(id, { state: "failed", error: error.message, progress: "", final: Boolean(error.final) });
      return;
    }
    this.blobs.delete(id);
    const kept = files.map(({ kind, stored }) => ({ kind, url: stored.url }));
    this.#dispatch({ id, frame: { ...frame, files: files.map((file) => file.stored.id) }, files: kept, at: Date.now() });
  }

  #one(id, file, index, total) {
    const onProgress = (part) => this.changed(id, { progress: `${Math.round((100 * (index + part)) / total)}%` });
    const say = (key) => this.words.say(key);
    return upload(file.blob, { token: this.store.token, locale: this.locale, say, onProgress });
  }
}
