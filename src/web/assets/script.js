"use strict";
(() => {
  const one = (query) => document.querySelector(query);
  const all = (query) => [...document.querySelectorAll(query)];
  const say = (text) => { const said = one("#said"); if (said) said.textContent = text; };

  // How long ago, counted on while the page is open.
  const units = (document.documentElement.dataset.ago || "").split("|");
  const ago = () => {
    for (const time of all("time[data-ago]")) {
      const seconds = Math.max(0, Math.floor((Date.now() - Date.parse(time.dateTime)) / 1000));
      const [at, size] = seconds < 60 ? [0, 1] : seconds < 3600 ? [1, 60] : seconds < 86400 ? [2, 3600] : [3, 86400];
      if (units[at]) time.textContent = units[at].replace("#", Math.floor(seconds / size));
    }
  };
  setInterval(ago, 1000);

  // A part of a page that the server wrote; it comes with everything escaped.
  const parsed = (html) => new DOMParser().parseFromString(html, "text/html").body;

  // The live list.
  const list = one("#letters[data-after]");
  if (list && window.EventSource) {
    const state = one("#live");
    let stream = null;
    const show = (what) => {
      state.dataset.state = what;
      if (state.textContent !== state.dataset[what]) state.textContent = state.dataset[what];
    };
    const open = () => {
      if (stream) return;
      stream = new EventSource("/live?after=" + list.dataset.after);
      stream.onopen = () => show("on");
      stream.onerror = () => {
        const ended = stream.readyState === EventSource.CLOSED;
        show("off");
        if (!ended) return;
        stream = null;
        // Refused: the session may be over. The page itself knows.
        setTimeout(() => fetch("/live?after=0", { method: "HEAD" }).then((answer) => {
          if (answer.status === 401) show("over"); else open();
        }, open), 5000);
      };
      stream.addEventListener("over", () => { stream.close(); stream = null; show("over"); say(state.dataset.over); });
      stream.addEventListener("letter", (event) => {
        const row = parsed(event.data).querySelector("li");
        if (!row) return;
        const old = list.querySelector(`li[data-letter="${row.dataset.letter}"]`);
        if (old) { old.replaceWith(row); return; }
        list.dataset.after = event.lastEventId;
        row.classList.add("new");
        list.prepend(row);
        one("#none").hidden = true;
        while (list.children.length > 200) list.lastElementChild.remove();
        const text = (query) => (row.querySelector(query) || {}).textContent || "";
        say([text(".person b"), text(".documents"), text(".sentence")].join(", "));
      });
    };
    // A browser has six connections to a server: a page that nobody looks at gives its own back.
    const look = () => {
      if (document.hidden) { if (stream) stream.close(); stream = null; } else { open(); ago(); }
    };
    document.addEventListener("visibilitychange", look);
    addEventListener("pagehide", () => { if (stream) stream.close(); stream = null; });
    addEventListener("pageshow", look);
    look();
  }

  // Search while typing.
  const form = one("form[data-search]");
  if (form) {
    const results = one("#results");
    let timer = 0, asked = null;
    const search = () => {
      const words = new URLSearchParams(new FormData(form));
      for (const [name, value] of [...words]) if (!value) words.delete(name);
      if (asked) asked.abort();
      asked = new AbortController();
      const address = "/search?" + words;
      fetch(address, { headers: { "X-Fragment": "results" }, signal: asked.signal }).then((answer) => {
        if (answer.status === 401) { location.reload(); return ""; }
        return answer.ok ? answer.text() : "";
      }).then((html) => {
        if (!html) return;
        results.replaceChildren(...parsed(html).childNodes);
        history.replaceState(null, "", address);
        say((results.querySelector("[data-said]") || {}).textContent || "");
      }, () => {});
    };
    form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(search, 120); });
    form.addEventListener("submit", (event) => { event.preventDefault(); clearTimeout(timer); search(); });
  }

  // Keys: / to the search box, arrows through the letters, Escape back to the box.
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const box = one("#q"), at = document.activeElement;
    const typing = at && /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName);
    if (event.key === "/" && !typing) {
      event.preventDefault();
      if (box) { box.focus(); box.select(); } else location.assign("/search");
      return;
    }
    const rows = all("a.row");
    if ((event.key === "ArrowDown" || event.key === "ArrowUp") && rows.length && (!typing || at === box)) {
      const now = rows.indexOf(at), step = event.key === "ArrowDown" ? 1 : -1;
      if (now < 0 && step < 0) return;
      event.preventDefault();
      const next = rows[now + step];
      if (next) next.focus(); else if (now + step < 0 && box) box.focus();
    }
    if (event.key === "Enter" && at === box && one("#results") && rows.length) {
      event.preventDefault();
      rows[0].click();
    }
    if (event.key === "Escape" && rows.includes(at) && box) box.focus();
  });

  for (const button of all("[data-print]")) { button.hidden = false; button.addEventListener("click", () => print()); }
})();
