// The frame of the start page's panels: shows the HTML that the kernel sends and carries clicks,
// files and downloads. It knows nothing of what the panels are about.

const ANSWER_SECONDS = 8;
const PIECE_BYTES = 1 << 20;
const MAX_UPLOAD_BYTES = 100e6;
const TYPED = "input[type=text][data-key]";
const SILENT = "The kernel does not answer: run this cell again.";

function render({ model, el }) {
  const root = document.createElement("div");
  root.className = "ls-start";
  root.setAttribute("role", "group");
  root.setAttribute("aria-label", model.get("label"));
  const content = document.createElement("div");
  const status = document.createElement("p");
  status.className = "ls-status";
  status.setAttribute("role", "status");
  root.append(content, status);
  el.append(root);

  let timer = null;
  let pressed = null;
  const say = (text, state = "") => {
    status.textContent = text;
    status.dataset.state = state;
  };
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      say(SILENT, "bad");
      setBusy(false);
    }, ANSWER_SECONDS * 1000);
  };
  const setBusy = (busy) => {
    for (const button of content.querySelectorAll("button")) button.disabled = busy;
  };
  const send = (action, value, buffers) => {
    model.send({ action, value }, undefined, buffers);
    wait();
  };
  const draw = () => {
    const focused = content.contains(document.activeElement) && document.activeElement.dataset.key;
    const typed = Object.fromEntries(
      [...content.querySelectorAll(TYPED)].map((i) => [i.dataset.key, i.value]),
    );
    content.innerHTML = model.get("html");
    for (const link of content.querySelectorAll("a[data-open]")) pointTo(link);
    for (const input of content.querySelectorAll(TYPED)) {
      if (typed[input.dataset.key] !== undefined) input.value = typed[input.dataset.key];
    }
    if (focused) content.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
  };

  const upload = async (action, file) => {
    if (!file) return;
    if (file.size > MAX_UPLOAD_BYTES) return say("This file is too large for a passport.", "bad");
    say(`Reading ${file.name} ...`);
    setBusy(true);
    const bytes = await file.arrayBuffer();
    // The server refuses websocket messages above 10 MB.
    const pieces = Math.max(1, Math.ceil(bytes.byteLength / PIECE_BYTES));
    for (let n = 0; n < pieces; n++) {
      const piece = bytes.slice(n * PIECE_BYTES, (n + 1) * PIECE_BYTES);
      send(action, { first: n === 0, last: n === pieces - 1 }, [piece]);
    }
  };

  content.addEventListener("click", async (event) => {
    const button = event.target.closest("button[data-action]");
    if (!button) return;
    const input = content.querySelector("input[data-key=value]");
    const value = button.dataset.value ?? input?.value ?? "";
    pressed = button.dataset.key;
    setBusy(true);
    say("");
    if (button.hasAttribute("data-save") && !(await saveNotebook(el))) {
      setBusy(false);
      return say("This notebook has unsaved changes: press Ctrl+S (Cmd+S), then again.", "bad");
    }
    send(button.dataset.action, value);
  });
  content.addEventListener("change", (event) => {
    const zone = event.target.closest("[data-drop]");
    if (zone) upload(zone.dataset.drop, event.target.files[0]);
  });
  content.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("input[data-key=value]")) {
      content.querySelector("button[data-action]")?.click();
    }
  });
  for (const type of ["dragenter", "dragover", "dragleave", "drop"]) {
    content.addEventListener(type, (event) => {
      const zone = event.target.closest("[data-drop]");
      if (!zone) return;
      event.preventDefault();
      event.stopPropagation();
      zone.classList.toggle("ls-over", type === "dragenter" || type === "dragover");
      if (type === "drop") upload(zone.dataset.drop, event.dataTransfer.files[0]);
    });
  }
  // JupyterLab's one-key commands would act on the cell while a button has the focus.
  root.addEventListener("keydown", (event) => {
    const chord = event.ctrlKey || event.metaKey || event.altKey;
    if (!chord && !["Tab", "Escape", "Shift"].includes(event.key)) event.stopPropagation();
  });

  const answered = (message, buffers) => {
    clearTimeout(timer);
    setBusy(false);
    // A button that is switched off while the kernel works loses the focus.
    if (pressed && document.activeElement === document.body) {
      content.querySelector(`[data-key="${CSS.escape(pressed)}"]`)?.focus({ preventScroll: true });
    }
    pressed = null;
    say(message.status ?? "", message.state);
    if (message.download) download(message.download, buffers[0]);
  };
  model.on("change:html", draw);
  model.on("msg:custom", answered);
  draw();
  if (content.querySelector("[data-hello]")) send("hello", "");
  return () => {
    clearTimeout(timer);
    model.off("change:html", draw);
    model.off("msg:custom", answered);
  };
}

// A blob needs no address, so the download works on any host, base URL, user name and offline.
function download(name, buffer) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([buffer]));
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

// Open a path of the server in this JupyterLab; elsewhere the address of a new page.
function pointTo(link) {
  const config = document.getElementById("jupyter-config-data");
  const base = config ? JSON.parse(config.textContent).baseUrl : "/";
  const path = link.dataset.open;
  link.href = `${base}lab/tree/${path.split("/").map(encodeURIComponent).join("/")}`;
  link.dataset.commandlinkerCommand = "docmanager:open";
  link.dataset.commandlinkerArgs = JSON.stringify({ path });
}

// Ask JupyterLab to save the notebook of this element; false while its tab still shows changes.
async function saveNotebook(el) {
  const panel = el.closest(".jp-NotebookPanel");
  const tab = panel && document.querySelector(`.lm-TabBar-tab[data-id="${CSS.escape(panel.id)}"]`);
  const dirty = () => tab?.classList.contains("jp-mod-dirty");
  if (!dirty()) return true;
  const isMac = navigator.platform.startsWith("Mac");
  const keys = { key: "s", code: "KeyS", keyCode: 83, ctrlKey: !isMac, metaKey: isMac };
  el.dispatchEvent(new KeyboardEvent("keydown", { ...keys, bubbles: true, cancelable: true }));
  for (let tries = 0; dirty() && tries < 30; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return !dirty();
}

export default { render };
