// The socket: opened again whenever it breaks, with growing pauses, and checked with a ping while all is quiet.

const PAUSES = [300, 1000, 2000, 4000, 8000];
const PING_EVERY = 20_000;
const ANSWER_WITHIN = 10_000;

export class Connection extends EventTarget {
  /** `hello` makes the first frame of each connection. Fires `frame` and `state` ("connecting", "online", "offline"). */
  constructor(url, hello) {
    super();
    this.url = url;
    this.hello = hello;
    this.state = "connecting";
    this.failures = 0;
    addEventListener("online", () => this.retryNow());
    document.addEventListener("visibilitychange", () => !document.hidden && this.retryNow());
    addEventListener("pageshow", (event) => event.persisted && this.retryNow());
  }

  open() {
    clearTimeout(this.retry);
    const socket = new WebSocket(this.url);
    this.socket = socket;
    this.#watch();
    socket.onopen = () => socket.send(JSON.stringify(this.hello()));
    socket.onmessage = (event) => socket === this.socket && this.#receive(JSON.parse(event.data));
    socket.onclose = () => socket === this.socket && this.#lost();
  }

  /** False when there is nobody to send to; what matters is kept by the caller. */
  send(frame) {
    if (this.state !== "online") return false;
    this.socket.send(JSON.stringify(frame));
    return true;
  }

  retryNow() {
    if (this.state === "online") this.#ping();
    else if (this.socket?.readyState !== WebSocket.CONNECTING) this.open();
  }

  #receive(frame) {
    this.#watch();
    if (frame.t === "welcome") {
      this.failures = 0;
      this.#become("online");
    }
    this.dispatchEvent(new CustomEvent("frame", { detail: frame }));
  }

  #lost() {
    clearTimeout(this.watch);
    this.#become(this.failures ? "offline" : "connecting");
    const pause = PAUSES[Math.min(this.failures, PAUSES.length - 1)];
    this.failures += 1;
    clearTimeout(this.retry);
    this.retry = setTimeout(() => this.open(), pause * (0.7 + Math.random() * 0.6));
  }

  #become(state) {
    if (state === this.state) return;
    this.state = state;
    this.dispatchEvent(new CustomEvent("state", { detail: state }));
  }

  #watch() {
    clearTimeout(this.watch);
    this.watch = setTimeout(() => this.#ping(), PING_EVERY);
  }

  /** A connection can die without a word, for instance when a phone changes its network. */
  #ping() {
    this.send({ t: "ping" });
    clearTimeout(this.watch);
    this.watch = setTimeout(() => {
      const silent = this.socket;
      this.#lost();
      this.socket = null;
      silent.close();
    }, ANSWER_WITHIN);
  }
}
