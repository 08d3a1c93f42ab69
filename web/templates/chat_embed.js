// The chat button for a company's own page: <script src="https://host/embed.js" async></script>
// data-code opens with a link's code, data-lang="en" speaks English, data-side="left" changes the corner.
(() => {
  const words = {{ boot|tojson }};
  const script = document.currentScript;
  const home = new URL(script.src).origin;
  const options = script.dataset;
  if (document.getElementById("huixiang-chat")) return;

  const STYLE = `
    :host { all: initial; position: fixed; z-index: 2147483000; inset: auto 0 0 auto; }
    button { position: fixed; bottom: 22px; width: 60px; height: 60px; padding: 0; border: 0; border-radius: 50%;
      background: #1f7265; color: #fff; cursor: pointer; box-shadow: 0 8px 26px rgb(16 60 50 / 32%); transition: transform .15s; }
    button:hover { transform: translateY(-2px); }
    button:focus-visible { outline: 3px solid #9bd3c7; outline-offset: 3px; }
    svg { width: 30px; height: 30px; display: block; margin: auto; fill: none; stroke: currentColor; stroke-width: 1.8;
      stroke-linecap: round; stroke-linejoin: round; }
    .count { position: absolute; top: -4px; right: -4px; min-width: 22px; height: 22px; padding: 0 6px; box-sizing: border-box;
      border-radius: 11px; background: #c2402c; color: #fff; font: 600 13px/22px system-ui, sans-serif; }
    iframe { position: fixed; bottom: 96px; width: 390px; height: min(660px, calc(100dvh - 120px)); border: 0;
      border-radius: 20px; background: #f7f9f8; box-shadow: 0 18px 60px rgb(16 50 42 / 28%); }
    .right { right: 22px; } .left { left: 22px; }
    [hidden] { display: none; }
    @media (max-width: 520px) {
      iframe { inset: 0; width: 100%; height: 100dvh; border-radius: 0; }
      .open button { display: none; }
    }
    @media (prefers-reduced-motion: reduce) { button { transition: none; } }`;
  const SVG = "http://www.w3.org/2000/svg";

  class Launcher {
    constructor() {
      this.side = options.side === "left" ? "left" : "right";
      const host = document.createElement("div");
      host.id = "huixiang-chat";
      const shadow = host.attachShadow({ mode: "open" });
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(STYLE);
      shadow.adoptedStyleSheets = [sheet];
      this.root = document.createElement("div");
      this.button = this.makeButton();
      this.root.append(this.button);
      shadow.append(this.root);
      document.body.append(host);
      addEventListener("message", (event) => this.told(event));
    }

    makeButton() {
      const button = document.createElement("button");
      button.type = "button";
      button.className = this.side;
      button.addEventListener("click", () => this.toggle());
      const svg = document.createElementNS(SVG, "svg");
      svg.setAttribute("viewBox", "0 0 24 24");
      svg.setAttribute("aria-hidden", "true");
      this.path = document.createElementNS(SVG, "path");
      svg.append(this.path);
      this.count = document.createElement("span");
      this.count.className = "count";
      this.count.hidden = true;
      button.append(svg, this.count);
      this.button = button;
      this.draw(false, 0);
      return button;
    }

    /** The chat is loaded when it is first wanted, and stays, so that it can count what comes. */
    toggle() {
      if (!this.frame) this.load();
      else this.frame.hidden = !this.frame.hidden;
      const open = !this.frame.hidden;
      this.root.className = open ? "open" : "";
      this.draw(open, 0);
      this.frame.contentWindow?.postMessage({ huixiang: open ? "shown" : "hidden" }, home);
      if (open) this.frame.focus();
      else this.button.focus();
    }

    load() {
      const address = new URL("/chat", home);
      if (options.code) address.searchParams.set("c", options.code);
      if (options.lang) address.searchParams.set("lang", options.lang);
      this.frame = document.createElement("iframe");
      this.frame.className = this.side;
      this.frame.title = words.open;
      this.frame.allow = "microphone; camera";
      this.frame.src = address.href;
      this.root.prepend(this.frame);
    }

    told(event) {
      if (!this.frame || event.origin !== home || event.source !== this.frame.contentWindow) return;
      if (event.data?.huixiang === "close" && !this.frame.hidden) this.toggle();
      if (event.data?.huixiang === "unread") this.draw(!this.frame.hidden, Number(event.data.count) || 0);
    }

    draw(open, unread) {
      this.path.setAttribute("d", open ? "M6 9.5l6 6 6-6" : "M4.500 11.300a7.500 7 0 0 1 15 0c0 4-3.300 6.900-7.500 6.900-1 0-2-.2-2.900-.5L4.900 19.200l1.300-3.300a6.500 6.500 0 0 1-1.700-4.600z");
      this.count.hidden = unread === 0;
      this.count.textContent = unread > 99 ? "99+" : unread;
      this.button.setAttribute("aria-label", open ? words.close : words.open + (unread ? ` (${unread} ${words.unread})` : ""));
      this.button.setAttribute("aria-expanded", open);
    }
  }

  if (document.body) new Launcher();
  else addEventListener("DOMContentLoaded", () => new Launcher());
})();
