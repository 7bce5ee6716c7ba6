"use strict";
(() => {
  const at = (id) => document.getElementById(id);
  const sealed = at("sealed");
  const idle = 5 * 60 * 1000;
  let watch = 0;

  const bytes = (text) => Uint8Array.from(atob(text.trim()), (c) => c.charCodeAt(0));
  const ended = () => Date.now() >= Date.parse(sealed.dataset.until);

  const open = async (typed) => {
    const key = typed.toUpperCase().replace(/[- ]/g, "").replace(/O/g, "0").replace(/[IL]/g, "1");
    const text = new TextEncoder();
    const raw = await crypto.subtle.importKey("raw", text.encode(key), "PBKDF2", false, ["deriveKey"]);
    const box = await crypto.subtle.deriveKey(
      { name: "PBKDF2", hash: "SHA-256", salt: bytes(sealed.dataset.salt), iterations: Number(sealed.dataset.rounds) },
      raw, { name: "AES-GCM", length: 256 }, false, ["decrypt"]);
    const plain = await crypto.subtle.decrypt(
      { name: "AES-GCM", iv: bytes(sealed.dataset.nonce), additionalData: text.encode(sealed.dataset.until) },
      box, bytes(sealed.textContent));
    return JSON.parse(new TextDecoder().decode(plain));
  };

  const add = (parent, kind, text) => {
    const e = document.createElement(kind);
    if (text) e.textContent = text;
    parent.append(e);
    return e;
  };

  const count = () => {
    const all = [...at("cases").children];
    const shown = all.filter((e) => !e.hidden).length;
    at("count").textContent = shown === all.length ? `${all.length} in all` : `${shown} of ${all.length}`;
  };

  const show = (pack) => {
    at("made").textContent = pack.said;
    for (const c of pack.cases) {
      const box = add(at("cases"), "details");
      add(box, "summary", c.title);
      for (const part of c.parts) {
        add(box, "h2", part.heading);
        const list = add(box, "ul");
        for (const line of part.lines) add(list, "li", line);
      }
    }
    for (const line of pack.left || []) add(at("cases"), "p", line);
    at("ask").hidden = true;
    at("open").hidden = false;
    count();
    at("find").focus();
    stay();
  };

  const close = () => {
    clearTimeout(watch);
    at("cases").replaceChildren();
    at("find").value = "";
    at("made").textContent = at("count").textContent = "";
    at("open").hidden = true;
    at("ask").hidden = ended();
    at("gone").hidden = !ended();
    at("key").focus();
  };

  const stay = () => {
    clearTimeout(watch);
    watch = setTimeout(close, ended() ? 0 : Math.min(idle, Date.parse(sealed.dataset.until) - Date.now()));
  };

  at("ask").addEventListener("submit", async (e) => {
    e.preventDefault();
    at("said").textContent = "Opening. This takes a moment.";
    const typed = at("key").value;
    at("key").value = "";
    if (ended()) return close();
    try {
      const pack = await open(typed);
      at("said").textContent = "";
      show(pack);
    } catch {
      at("said").textContent = "That is not the key of this file. Look at what was written down, and try again.";
      at("key").focus();
    }
  });
  at("find").addEventListener("input", () => {
    const wanted = at("find").value.trim().toLowerCase();
    for (const e of at("cases").children) e.hidden = !e.textContent.toLowerCase().includes(wanted);
    count();
  });
  at("close").addEventListener("click", close);
  for (const kind of ["keydown", "pointerdown", "scroll"]) {
    addEventListener(kind, (e) => {
      if (at("open").hidden) return;
      if (e.key === "Escape") close();
      else stay();
    }, { passive: true });
  }
  if (ended()) close();
})();
