"use strict";
// The page is whole without this: it adds tooltips to the charts, and buttons that copy.

const tip = document.getElementById("tip");
let place = null;

function tell(mark, x, y) {
  place?.classList.remove("told");
  place = mark;
  tip.hidden = !mark;
  if (!mark) return;
  mark.classList.add("told");
  tip.textContent = mark.getAttribute("aria-label");
  const { width, height } = tip.getBoundingClientRect();
  const left = Math.max(8, Math.min(x - width / 2, document.documentElement.clientWidth - width - 8));
  const above = y - height - 14;
  tip.style.left = `${scrollX + left}px`;
  tip.style.top = `${scrollY + (above < 8 ? y + 18 : above)}px`;
}

function pointed(event) {
  const mark = event.target.closest?.(".chart [aria-label]");
  if (mark || event.type === "click") tell(mark, event.clientX, event.clientY);
}

// The places of the drawing that is shown: a chart is drawn for wide and for narrow pages.
function stepped(event) {
  const marks = [...event.currentTarget.querySelectorAll("[aria-label]")].filter((one) => one.getClientRects().length);
  const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, Home: -marks.length, End: marks.length };
  if (!(event.key in steps) || !marks.length) return;
  event.preventDefault();
  const next = Math.max(0, Math.min(marks.indexOf(place) + steps[event.key], marks.length - 1));
  marks[next].scrollIntoView({ block: "nearest" });
  const box = marks[next].getBoundingClientRect();
  tell(marks[next], box.x + box.width / 2, box.y);
}

document.addEventListener("pointermove", (event) => event.pointerType === "mouse" && pointed(event));
document.addEventListener("click", pointed);
document.addEventListener("pointerout", (event) => event.pointerType === "mouse" && tell(null));
document.addEventListener("keydown", (event) => event.key === "Escape" && tell(null));
for (const chart of document.querySelectorAll(".chart")) {
  if (!chart.querySelector("[aria-label]")) continue;
  chart.tabIndex = 0;
  chart.setAttribute("aria-description", "The arrow keys tell its values one by one.");
  chart.addEventListener("keydown", stepped);
  chart.addEventListener("blur", () => tell(null));
}

// Tab-separated, as spreadsheets take it; numbers without the commas between their thousands.
function table(details) {
  const text = (cell) => (cell.matches(".number") ? cell.textContent.replaceAll(",", "") : cell.textContent);
  const rows = [...details.querySelector("table").rows];
  return rows.map((row) => [...row.cells].map((cell) => text(cell).replace(/\s+/g, " ")).join("\t")).join("\n");
}

async function copy(button) {
  const details = button.closest("details");
  const said = details.querySelector(".said");
  const text = button.dataset.copy === "table" ? table(details) : details.querySelector("code").textContent;
  try {
    await navigator.clipboard.writeText(text);
    said.textContent = "Copied.";
  } catch {
    getSelection().selectAllChildren(details.querySelector("table, code"));
    said.textContent = "The browser does not let the page copy: it is selected now, press Ctrl+C (on a Mac ⌘C).";
  }
}

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", () => copy(button));
}
