// Puts the page together.

import { Bubbles } from "./bubble.js";
import { Chat } from "./chat.js";
import { Composer } from "./composer.js";
import { Connection } from "./connection.js";
import { Head } from "./head.js";
import { Lines } from "./lines.js";
import { Outgoing } from "./outgoing.js";
import { Lightbox, Toast } from "./overlay.js";
import { Store } from "./store.js";
import { Timeline, TypingMark } from "./timeline.js";
import { Unread } from "./unread.js";
import { Words } from "./words.js";
import { ZonedClock } from "./clock.js";

const boot = JSON.parse(document.getElementById("boot").textContent);
const query = new URLSearchParams(location.search);
const root = document.getElementById("chat");
const part = (name) => root.querySelector(`[data-part="${name}"]`);

const words = new Words(boot.texts);
const clock = new ZonedClock(boot.locale, boot.zone, words);
const store = new Store(query.get("as") ?? "");
const toast = new Toast(part("toast"));
const lightbox = new Lightbox(words);
const unread = new Unread();

const socketUrl = new URL("chat/ws", location.href);
socketUrl.protocol = location.protocol.replace("http", "ws");
socketUrl.search = "";
const connection = new Connection(socketUrl.href, () => chat.hello());
const outgoing = new Outgoing({
  store, connection, words, locale: boot.locale, changed: (id, changes) => chat.changed(id, changes),
});

const act = {
  tap: (button, node) => chat.tap(button, node),
  reply: (line) => composer.replyTo(line),
  resend: (id) => outgoing.resend(id),
  remove: (id) => chat.remove(id),
  view: (url) => lightbox.show(url),
};
const bubbles = new Bubbles({ words, clock, company: boot.company, act });
const timeline = new Timeline({ scroller: part("scroller"), log: part("log"), bubbles, clock, jump: part("jump") });
const head = new Head({ root, words, clock, loadOlder: () => chat.loadOlder() });
const chat = new Chat({
  store, connection, lines: new Lines(), timeline, outgoing, unread, toast, head, words, clock,
  typing: new TypingMark(part("scroller"), words), code: query.get("c"), language: boot,
});
const composer = new Composer({ form: part("composer"), words, toast, store, onMessage: (message) => chat.say(message) });

timeline.addEventListener("suggest", ({ detail }) => {
  part("suggestions").hidden = detail.length === 0;
  part("suggestions").replaceChildren(...bubbles.chipRow(detail));
});
part("close").hidden = !unread.framed || query.has("as"); // the demo's board has nowhere to put it away
part("close").addEventListener("click", () => unread.close());
connection.open();
