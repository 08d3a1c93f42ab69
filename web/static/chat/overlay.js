// Things that lie over the chat: a passing word, and a photo in full size.

import { el, iconButton } from "./dom.js";

export class Toast {
  constructor(node) {
    this.node = node;
  }

  show(sentence) {
    this.node.textContent = sentence;
    this.node.classList.add("shown");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.node.classList.remove("shown"), 2500 + sentence.length * 90);
  }
}

export class Lightbox {
  constructor(words) {
    this.image = el("img", { alt: words.say("photo_alt") });
    const close = () => this.dialog.close();
    this.dialog = el("dialog", { class: "lightbox", "aria-label": words.say("photo_alt"), on: { click: close } });
    this.dialog.append(this.image, iconButton("close", words.say("photo_close"), close));
    document.body.append(this.dialog);
  }

  show(url) {
    this.image.src = url;
    this.dialog.showModal();
  }
}
