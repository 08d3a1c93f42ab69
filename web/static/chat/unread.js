// Counts what came while nobody looked: in the title of the tab, and for the page that holds us in a frame.

export class Unread {
  constructor() {
    this.count = 0;
    this.title = document.title;
    this.framed = window.parent !== window;
    this.open = true;
    for (const name of ["focus", "pointerdown", "keydown"]) addEventListener(name, () => this.#look());
    document.addEventListener("visibilitychange", () => this.#look());
    addEventListener("message", (event) => event.source === window.parent && this.#told(event.data));
  }

  add(count) {
    if (!count || this.#watched()) return;
    this.count += count;
    this.#show();
  }

  /** Ask the page around us to put the chat away. It learns a number and nothing else, so any page may hear it. */
  close() {
    window.parent.postMessage({ huixiang: "close" }, "*");
  }

  #watched() {
    return this.open && !document.hidden && (document.hasFocus() || this.framed);
  }

  #look() {
    if (this.count && this.#watched()) {
      this.count = 0;
      this.#show();
    }
  }

  #told(message) {
    if (typeof message?.huixiang !== "string") return;
    this.open = message.huixiang !== "hidden";
    this.#look();
  }

  #show() {
    document.title = this.count ? `(${this.count}) ${this.title}` : this.title;
    if (this.framed) window.parent.postMessage({ huixiang: "unread", count: this.count }, "*");
  }
}
