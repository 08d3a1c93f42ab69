// Photos chosen and not yet sent: small previews above the input, each can be taken back.

import { el, iconButton } from "./dom.js";

const MAX = 10;
export const MAX_BYTES = 20 * 1024 * 1024;

export class PhotoTray {
  constructor({ tray, input, button, words, toast, onChange }) {
    Object.assign(this, { tray, input, words, toast, onChange });
    this.chosen = [];
    button.addEventListener("click", () => input.click());
    input.addEventListener("change", () => this.#picked());
  }

  /** Add files that were picked, pasted or dropped. */
  add(files) {
    for (const blob of files) {
      if (blob.size > MAX_BYTES) this.toast.show(this.words.say("file_large"));
      else if (this.chosen.length >= MAX) this.toast.show(this.words.say("photo_max", { limit: MAX }));
      else this.chosen.push({ kind: "photo", blob, url: URL.createObjectURL(blob) });
    }
    this.#draw();
  }

  /** The chosen photos; the tray is empty afterwards. */
  take() {
    const taken = this.chosen;
    this.chosen = [];
    this.#draw();
    return taken;
  }

  #picked() {
    this.add(this.input.files);
    this.input.value = "";
  }

  #draw() {
    this.tray.hidden = this.chosen.length === 0;
    this.tray.replaceChildren(...this.chosen.map((photo) => this.#preview(photo)));
    this.onChange();
  }

  #preview(photo) {
    const remove = () => {
      URL.revokeObjectURL(photo.url);
      this.chosen = this.chosen.filter((other) => other !== photo);
      this.#draw();
    };
    return el(
      "li",
      {},
      el("img", { src: photo.url, alt: this.words.say("photo_alt") }),
      iconButton("close", this.words.say("photo_remove"), remove, "tiny"),
    );
  }
}
