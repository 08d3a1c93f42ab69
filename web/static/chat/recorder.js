// Recording a voice note: tap to start, tap to finish; every reason why it cannot be done has its sentence.

import { duration } from "./clock.js";

const TYPES = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];
const SHORTEST = 700;
const LONGEST = 120_000;

export class Recorder {
  /** `onVoice` gets {kind, blob, url} of a finished recording. */
  constructor({ form, bar, time, start, stop, cancel, words, toast, onVoice }) {
    Object.assign(this, { form, bar, time, start, words, toast, onVoice });
    start.addEventListener("click", () => this.begin());
    stop.addEventListener("click", () => this.#end(true));
    cancel.addEventListener("click", () => this.#end(false));
    bar.addEventListener("keydown", (event) => event.key === "Escape" && this.#end(false));
  }

  async begin() {
    const reason = this.#whyNot();
    if (reason) {
      this.toast.show(this.words.say(reason));
      return;
    }
    try {
      this.#record(await navigator.mediaDevices.getUserMedia({ audio: true }));
    } catch (error) {
      this.toast.show(this.words.say(error.name === "NotFoundError" ? "voice_missing" : "voice_denied"));
    }
  }

  #whyNot() {
    if (!window.isSecureContext) return "voice_insecure";
    if (!navigator.mediaDevices?.getUserMedia || !window.MediaRecorder) return "voice_unsupported";
    return "";
  }

  #record(stream) {
    const mimeType = TYPES.find((type) => MediaRecorder.isTypeSupported(type));
    const recorder = new MediaRecorder(stream, { mimeType, audioBitsPerSecond: 32_000 });
    const pieces = [];
    recorder.ondataavailable = (event) => pieces.push(event.data);
    recorder.onstop = () => this.#finished(stream, pieces, recorder.mimeType);
    recorder.start();
    this.recorder = recorder;
    this.since = performance.now();
    this.ticking = setInterval(() => this.#tick(), 250);
    this.#tick();
    this.#show(true);
  }

  #tick() {
    const passed = performance.now() - this.since;
    this.time.textContent = duration(Math.floor(passed / 1000));
    if (passed >= LONGEST) this.#end(true);
  }

  #end(wanted) {
    if (this.recorder?.state !== "recording") return;
    clearInterval(this.ticking);
    this.wanted = wanted;
    this.length = performance.now() - this.since;
    this.recorder.stop();
    this.#show(false);
  }

  #finished(stream, pieces, mimeType) {
    for (const track of stream.getTracks()) track.stop();
    if (!this.wanted) return;
    if (this.length < SHORTEST) {
      this.toast.show(this.words.say("voice_short"));
      return;
    }
    const blob = new Blob(pieces, { type: mimeType });
    this.onVoice({ kind: "voice", blob, url: URL.createObjectURL(blob) });
  }

  #show(recording) {
    this.bar.hidden = !recording;
    this.form.classList.toggle("recording", recording);
    if (recording) this.bar.querySelector(".stop").focus();
    else this.start.focus();
  }
}
