// What must survive a reload: who we are, what was written but not yet stored by the server, the draft.
// Each change reads the stored list afresh, so that several tabs of one visitor do not undo each other.

export class Store {
  /** `slot` keeps several visitors apart in one browser (`/chat?as=cleaner`). */
  constructor(slot) {
    this.prefix = slot ? `huixiang.${slot}.` : "huixiang.";
    this.memory = new Map();
  }

  get token() {
    return this.#read("token", null);
  }

  set token(value) {
    this.#write("token", value);
  }

  get draft() {
    return this.#read("draft", "");
  }

  set draft(value) {
    this.#write("draft", value);
  }

  get waiting() {
    return this.#read("waiting", []);
  }

  /** Keep a frame until the server says that it has it. */
  keep(entry) {
    this.#write("waiting", [...this.waiting.filter((other) => other.id !== entry.id), entry]);
  }

  /** False when it was not there (any more). */
  drop(id) {
    const waiting = this.waiting;
    const rest = waiting.filter((entry) => entry.id !== id);
    if (rest.length === waiting.length) return false;
    this.#write("waiting", rest);
    return true;
  }

  #read(name, otherwise) {
    if (this.memory.has(name)) return this.memory.get(name);
    try {
      return JSON.parse(localStorage.getItem(this.prefix + name)) ?? otherwise;
    } catch {
      return otherwise;
    }
  }

  /** A browser that stores nothing for us (private frame, full disk) still lets one chat as long as the page is open. */
  #write(name, value) {
    try {
      localStorage.setItem(this.prefix + name, JSON.stringify(value));
      this.memory.delete(name);
    } catch {
      this.memory.set(name, value);
    }
  }
}
