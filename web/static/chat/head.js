// The head of the page: who we talk to, whether we are connected, and the button for older lines.

export class Head {
  constructor({ root, words, clock, loadOlder }) {
    Object.assign(this, { root, words, clock });
    this.status = root.querySelector('[data-part="status"]');
    this.who = root.querySelector('[data-part="who"]');
    this.banner = root.querySelector('[data-part="offline"]');
    this.olderButton = root.querySelector('[data-part="older"]');
    this.olderButton.addEventListener("click", loadOlder);
    this.state("connecting");
  }

  state(state) {
    this.root.dataset.state = state;
    this.status.textContent = this.words.say(state === "online" ? "online" : "connecting");
    this.banner.hidden = state !== "offline";
  }

  /** What the welcome says about the visitor. */
  visitor({ role, name, zone }) {
    this.root.dataset.role = role;
    const staff = role !== "customer" && name ? ` · ${name}` : "";
    this.who.textContent = this.words.say(`role_${role}`) + staff;
    this.clock.setZone(zone);
  }

  older(more) {
    this.olderButton.hidden = !more;
  }
}
