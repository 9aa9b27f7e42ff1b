// Moves the bars of templates/tasks/_progress.html, which says how they are used.
//
// The job's WebSocket says how far it is. What only changes numbers is written here; where more changes (the job begins,
// stops, ends) that part of the page is fetched anew, so it is worded in one place. While no socket is to be had, that
// is fetched every few seconds instead, and the socket is tried again, later and later.
(() => {
  const SECONDS_BETWEEN_LOOKS = 3;
  const LONGEST_WAIT_SECONDS = 30;

  class Watcher {
    constructor(id) {
      this.id = id;
      this.failures = 0;
      this.over = false;
      this.connect();
    }

    // Fetching replaces the element, so it is looked up each time.
    get part() {
      return document.getElementById(this.id);
    }

    connect() {
      const part = this.part;
      if (this.over || !part || !part.dataset.socket) return;
      const scheme = location.protocol === "https:" ? "wss:" : "ws:";
      this.socket = new WebSocket(`${scheme}//${location.host}${part.dataset.socket}`);
      this.socket.addEventListener("message", (event) => {
        this.failures = 0;
        this.stopAsking();
        this.show(JSON.parse(event.data));
      });
      this.socket.addEventListener("close", () => this.connectLater());
    }

    connectLater() {
      if (this.over) return;
      this.failures += 1;
      this.startAsking();
      const wait = Math.min(LONGEST_WAIT_SECONDS, 2 ** (this.failures - 1));
      // Not all browsers at the same moment, after the service was away.
      setTimeout(() => this.connect(), wait * (0.5 + Math.random()) * 1000);
    }

    startAsking() {
      this.timer ??= setInterval(() => this.look(), SECONDS_BETWEEN_LOOKS * 1000);
    }

    stopAsking() {
      clearInterval(this.timer);
      this.timer = undefined;
    }

    look() {
      if (this.part && window.htmx) window.htmx.trigger(this.part, "job:look");
    }

    show(state) {
      const part = this.part;
      if (!part) return this.end();
      const known = part.dataset;
      if (state.state !== known.state || state.stopping !== (known.stopping === "yes") || (state.progress.total > 0) !== (known.counts === "yes")) {
        this.look();
        return undefined;
      }
      this.write(part, state.progress);
      return undefined;
    }

    write(part, progress) {
      const put = (name, text) => {
        const element = part.querySelector(`[data-job-${name}]`);
        if (element) element.textContent = text;
      };
      put("current", progress.current);
      put("total", progress.total);
      put("message", progress.message);
      const current = part.querySelector("[data-job-current]");
      if (current) current.parentElement.hidden = !progress.total && !progress.current;
      const bar = part.querySelector("[data-job-bar]");
      if (bar && progress.total) {
        bar.max = progress.total;
        bar.value = progress.current;
      }
    }

    // After the part was fetched anew: it has no socket any more once its job has ended.
    renewed() {
      if (this.over || !this.part || this.part.dataset.socket) return;
      const reload = this.whenEnded === "reload";
      this.end();
      if (reload) location.reload();
    }

    end() {
      this.over = true;
      this.stopAsking();
      this.socket?.close();
    }
  }

  const watchers = new Map();

  const start = () => {
    for (const part of document.querySelectorAll("[data-job-progress]")) {
      if (!part.dataset.socket || watchers.has(part.id)) continue;
      const watcher = new Watcher(part.id);
      watcher.whenEnded = part.dataset.whenEnded;
      watchers.set(part.id, watcher);
    }
  };

  // The answer is a page without the part, which must not take its place: the page has more to show by now than how far
  // the job is, or its visitor is logged out.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const watcher = watchers.get(event.detail.target.id);
    if (watcher && !event.detail.xhr.responseText.includes(`id="${watcher.id}"`)) {
      event.detail.shouldSwap = false;
      watcher.end();
      if (watcher.whenEnded === "reload") location.reload();
    }
  });
  document.addEventListener("htmx:afterSettle", () => {
    for (const watcher of watchers.values()) watcher.renewed();
    start();
  });
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
