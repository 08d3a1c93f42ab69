// The demo's clock runs, and the time machine moves it without a reload, so that the chats beside it go on.

const machine = document.querySelector(".machine");
const clock = machine.querySelector("[data-clock]");
const said = machine.querySelector(".machine-said");
let base = { server: Date.parse(machine.dataset.now), here: performance.now() };

const moment = new Intl.DateTimeFormat(clock.dataset.locale, {
  month: "numeric", day: "numeric", weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  timeZone: clock.dataset.zone,
});
const now = () => new Date(base.server + performance.now() - base.here);

function show() {
  const part = Object.fromEntries(moment.formatToParts(now()).map(({ type, value }) => [type, value]));
  clock.textContent = clock.dataset.locale === "en"
    ? `${part.weekday} ${part.day}/${part.month} ${part.hour}:${part.minute}`
    : `${part.month}月${part.day}日 ${part.weekday} ${part.hour}:${part.minute}`;
}

async function move(form) {
  const answer = await fetch(form.action, { method: "POST", headers: { Accept: "application/json" } });
  if (!answer.ok) return form.submit();
  const { now: moved, moved: did } = await answer.json();
  base = { server: Date.parse(moved), here: performance.now() };
  show();
  said.textContent = did ? said.dataset.moved.replace("{when}", clock.textContent) : said.dataset.nothing;
}

for (const form of machine.querySelectorAll("form")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const button = form.querySelector("button");
    button.disabled = true;
    move(form).finally(() => { button.disabled = false; });
  });
}

setInterval(show, 1000);
show();
