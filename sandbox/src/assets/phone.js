// The payer's phone: a text or a picture of a QR in, a bill out, and what the payer does with it.

import { money } from "/assets/layer.js";

const element = (id) => document.getElementById(id);
let scanned = null;

const account = () => document.querySelector('input[name="account"]:checked').value;

async function ask(path, init) {
  try {
    const response = await fetch(path, { method: "POST", ...init });
    const type = response.headers.get("content-type") ?? "";
    if (type.includes("json")) return await response.json();
    return { result: "refused", text: "系统繁忙,请稍后再试", gloss: `${response.status}: ${await response.text()}` };
  } catch (error) {
    return { result: "refused", text: "网络不可用", gloss: `The sandbox does not answer: ${error.message}` };
  }
}

function say(answer) {
  const result = element("result");
  result.hidden = false;
  result.dataset.result = answer.result;
  result.classList.toggle("bad", !["paid", "cancelled"].includes(answer.result));
  result.querySelector("strong").textContent = answer.text;
  result.querySelector("span").textContent = answer.gloss;
}

// The pay sheet covers the scanner, as on a phone.
function openSheet(open) {
  element("bill").hidden = !open;
  element("scanner").hidden = open;
}

function show(answer) {
  const isBill = answer.result === "bill";
  scanned = isBill ? answer : null;
  openSheet(isBill);
  if (!isBill) return say(answer);
  element("result").hidden = true;
  element("merchant").textContent = answer.merchant;
  element("amount").textContent = money(answer.amount);
  element("description").textContent = answer.description;
  element("scan").elements.text.value = answer.text;
}

const scanPicture = async (picture) =>
  show(await ask(`/wechat/scan-picture?account=${account()}`, { body: picture }));

element("scan").addEventListener("submit", async (event) => {
  event.preventDefault();
  // Every character counts to WeChat; a line end that came along with the paste is not the QR's.
  const text = event.target.elements.text.value.trim();
  const body = JSON.stringify({ text, account: account() });
  show(await ask("/wechat/scan", { headers: { "content-type": "application/json" }, body }));
});

element("bill").addEventListener("click", async (event) => {
  const outcome = event.target.closest("[data-outcome]")?.dataset.outcome;
  if (!outcome || !scanned) return;
  const body = JSON.stringify({ scan_id: scanned.scan_id, outcome });
  const answer = await ask("/wechat/pay", { headers: { "content-type": "application/json" }, body });
  // After a wrong password the sheet stays open; otherwise it is gone.
  openSheet(answer.result === "wrong_password");
  say(answer);
});

element("picture").addEventListener("change", (event) => {
  const [picture] = event.target.files;
  if (picture) scanPicture(picture);
  event.target.value = "";
});

const drop = element("drop");
drop.addEventListener("dragover", (event) => {
  event.preventDefault();
  drop.classList.add("over");
});
drop.addEventListener("dragleave", () => drop.classList.remove("over"));
drop.addEventListener("drop", (event) => {
  event.preventDefault();
  drop.classList.remove("over");
  const [picture] = event.dataTransfer.files;
  if (picture) scanPicture(picture);
});
document.addEventListener("paste", (event) => {
  const picture = [...event.clipboardData.files].find((file) => file.type.startsWith("image/"));
  if (!picture) return;
  event.preventDefault();
  scanPicture(picture);
});
