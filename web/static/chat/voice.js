// A voice note that can be played. One at a time: starting one stops the other.

import { el, icon } from "./dom.js";
import { duration } from "./clock.js";

let playing = null;

export function voiceNote(file, words) {
  const audio = el("audio", { src: file.url, preload: "metadata" });
  const face = el("span", { class: "face" }, icon("play"));
  const bar = el("span", { class: "fill" });
  const time = el("span", { class: "seconds", text: "–:––" });
  const button = el(
    "button",
    { type: "button", class: "bubble voice", "aria-label": words.say("voice_play"), on: { click: () => toggle(audio) } },
    face,
    el("span", { class: "track", "aria-hidden": "true" }, bar),
    time,
  );
  const draw = () => {
    const length = Number.isFinite(audio.duration) ? audio.duration : 0;
    bar.style.width = length ? `${(100 * audio.currentTime) / length}%` : "0";
    if (length || audio.currentTime) time.textContent = duration(audio.paused && !audio.currentTime ? length : audio.currentTime);
  };
  const show = (name, label) => () => {
    face.replaceChildren(icon(name));
    button.setAttribute("aria-label", words.say(label));
    draw();
  };
  audio.addEventListener("play", show("pause", "voice_pause"));
  audio.addEventListener("pause", show("play", "voice_play"));
  audio.addEventListener("timeupdate", draw);
  audio.addEventListener("ended", () => (audio.currentTime = 0));
  audio.addEventListener("loadedmetadata", () => measure(audio, draw), { once: true });
  return el("div", { class: "voice-note" }, button, audio);
}

function toggle(audio) {
  if (!audio.paused) {
    audio.pause();
    return;
  }
  if (playing && playing !== audio) playing.pause();
  playing = audio;
  audio.play().catch(() => {});
}

/** Recordings of a browser do not say how long they are until somebody has looked at their end. */
function measure(audio, draw) {
  if (audio.duration !== Infinity) {
    draw();
    return;
  }
  audio.addEventListener("timeupdate", () => ((audio.currentTime = 0), draw()), { once: true });
  audio.currentTime = 1e7;
}
