// Times as people read them, in the zone of the visitor's branch, wherever the visitor's own clock is set.

export class ZonedClock {
  constructor(locale, zone, words) {
    this.locale = locale;
    this.words = words;
    this.ahead = 0;
    this.setZone(zone);
  }

  setZone(zone) {
    const format = (options) => new Intl.DateTimeFormat(this.locale, { timeZone: zone, ...options });
    this.time = format({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
    this.key = format({ year: "numeric", month: "2-digit", day: "2-digit" });
    this.near = format({ month: "long", day: "numeric", weekday: "long" });
    this.far = format({ year: "numeric", month: "long", day: "numeric" });
    this.whole = format({ dateStyle: "long", timeStyle: "medium" });
  }

  /** The server said something at this moment. When that is later than now, our own clock is behind (or a demo's is ahead). */
  heard(at) {
    this.ahead = Math.max(this.ahead, at - Date.now());
  }

  now() {
    return new Date(Date.now() + this.ahead);
  }

  minute(at) {
    return this.time.format(at);
  }

  full(at) {
    return this.whole.format(at);
  }

  /** The same for two moments of one day in the branch's zone. */
  dayKey(at) {
    return this.key.format(at);
  }

  day(at, now = this.now()) {
    const key = this.dayKey(at);
    if (key === this.dayKey(now)) return this.words.say("today");
    if (key === this.dayKey(new Date(now.getTime() - 86_400_000))) return this.words.say("yesterday");
    return now - at < 300 * 86_400_000 ? this.near.format(at) : this.far.format(at);
  }
}

/** Seconds as 1:05. */
export function duration(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
