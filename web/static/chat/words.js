// The words of the page. They come with the page from strings.<locale>.json.

export class Words {
  constructor(texts) {
    this.texts = texts;
  }

  /** The sentence for a key, with {names} filled in. */
  say(key, values = {}) {
    const sentence = this.texts[key] ?? key;
    return sentence.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  }
}
