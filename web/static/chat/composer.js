// Where people write. Enter sends, Shift+Enter breaks the line, and an Enter that picks a word in an input method does neither.

import { PhotoTray } from "./photos.js";
import { Recorder } from "./recorder.js";

const MAX_TEXT = 4096; // characters as people count them: an emoji is one, and two for JavaScript's length
const IME_KEY = 229;

export class Composer {
  /** `onMessage` gets {text, files, replyTo, quote}. */
  constructor({ form, words, toast, store, onMessage }) {
    Object.assign(this, { form, words, toast, store, onMessage });
    const part = (name) => form.querySelector(`[data-part="${name}"]`);
    this.input = part("input");
    this.sendButton = part("send");
    this.voiceButton = part("voice");
    this.replyBar = part("reply");
    this.replyText = part("reply-text");
    this.photos = new PhotoTray({
      tray: part("tray"), input: part("file"), button: part("photo"), words, toast, onChange: () => this.#changed(),
    });
    this.recorder = new Recorder({
      form, bar: part("recording"), time: part("recording-time"), start: this.voiceButton,
      stop: part("recording-stop"), cancel: part("recording-cancel"), words, toast,
      onVoice: (voice) => this.onMessage({ text: "", files: [voice], ...this.#takeReply() }),
    });
    part("reply-cancel").addEventListener("click", () => this.#takeReply());
    this.input.value ||= store.draft; // somebody may have begun to write while the scripts were on their way
    this.#listen();
    this.#changed();
  }

  /** Answer this line of ours with the next message. */
  replyTo(line) {
    this.reply = { replyTo: line.key, quote: excerpt(line, this.words) };
    this.replyText.textContent = this.words.say("reply_to", { text: this.reply.quote });
    this.replyBar.hidden = false;
    this.input.focus();
  }

  #listen() {
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    this.input.addEventListener("input", () => this.#changed());
    this.input.addEventListener("keydown", (event) => this.#key(event));
    this.input.addEventListener("paste", (event) => {
      const images = [...event.clipboardData.files].filter((file) => file.type.startsWith("image/"));
      if (images.length) {
        event.preventDefault();
        this.photos.add(images);
      }
    });
    this.sendButton.addEventListener("pointerdown", (event) => event.preventDefault());
  }

  #key(event) {
    if (event.isComposing || event.keyCode === IME_KEY) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.#send();
    }
    if (event.key === "Escape") this.#takeReply();
  }

  #send() {
    const text = this.input.value.trim();
    if (text.length > MAX_TEXT && [...text].length > MAX_TEXT) {
      this.toast.show(this.words.say("too_long", { limit: MAX_TEXT }));
      return;
    }
    if (!text && !this.photos.chosen.length) return;
    this.input.value = "";
    this.onMessage({ text, files: this.photos.take(), ...this.#takeReply() });
    this.#changed();
    this.input.focus();
  }

  #takeReply() {
    const taken = this.reply ?? { replyTo: null, quote: "" };
    this.reply = null;
    this.replyBar.hidden = true;
    return taken;
  }

  /** Grow with the text, keep the draft, and show the microphone only while there is nothing to send. */
  #changed() {
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight, 132)}px`;
    this.store.draft = this.input.value;
    const filled = Boolean(this.input.value.trim()) || Boolean(this.photos?.chosen.length);
    this.sendButton.hidden = !filled;
    this.voiceButton.hidden = filled;
  }
}

/** The first words of a line, for a quote. */
export function excerpt(line, words) {
  const stand = { photo: "photo_word", voice: "voice_word" };
  const text = line.text || (line.files.length ? words.say(stand[line.files[0].kind] ?? "file_word") : "");
  const short = text.replace(/\s+/g, " ");
  return short.length > 60 ? `${short.slice(0, 58)}…` : short;
}
