// All lines of the conversation, by key, in their order. The same line may come many times; it is kept once.

export class Lines {
  constructor() {
    this.byKey = new Map();
    this.local = new Map();
    this.serial = 0;
  }

  /** Lines from the server. Returns those that were not here before. */
  merge(lines) {
    const fresh = lines.filter((line) => !this.byKey.has(line.key));
    for (const line of lines) {
      const own = line.id ? this.local.get(line.id) : undefined;
      this.byKey.set(line.key, { ...line, at: new Date(line.at), state: line.mine ? "sent" : "" });
      if (own) this.local.delete(line.id);
    }
    const clearing = fresh.findLast((line) => line.clears);
    if (clearing) this.#forgetBefore(clearing);
    return fresh;
  }

  /** Whoever had everything deleted sees none of it any more, in any tab. */
  #forgetBefore(line) {
    for (const [key, other] of this.byKey) if (inOrder(other, line) < 0) this.byKey.delete(key);
    this.local.clear();
  }

  /** A message of ours that the server has not shown us back yet. */
  addLocal(line) {
    this.serial += 1;
    this.local.set(line.id, { mine: true, key: `local-${line.id}`, buttons: [], sort: [Infinity, this.serial], ...line });
  }

  changeLocal(id, changes) {
    const line = this.local.get(id);
    if (line) Object.assign(line, changes);
    return line;
  }

  removeLocal(id) {
    this.local.delete(id);
  }

  /** True when the server has shown us this message of ours. */
  has(id) {
    return [...this.byKey.values()].some((line) => line.id === id);
  }

  sorted() {
    return [...this.byKey.values(), ...this.local.values()].sort(inOrder);
  }

  /** How far we have got, for the hello after a broken connection. */
  cursors() {
    const last = { in: 0, out: 0 };
    for (const key of this.byKey.keys()) {
      const [side, number] = key.split("-");
      last[side] = Math.max(last[side], Number(number));
    }
    return { after_in: last.in, after_out: last.out };
  }

  oldest() {
    return this.sorted().find((line) => Number.isFinite(line.sort[0]))?.sort[0] ?? null;
  }
}

function inOrder(one, other) {
  for (let i = 0; i < one.sort.length; i += 1) {
    if (one.sort[i] !== other.sort[i]) return one.sort[i] - other.sort[i];
  }
  return 0;
}
