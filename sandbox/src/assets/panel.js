// The panel: orders from both sides, faults, the clock. It asks every two seconds while it is looked at.

import { money } from "/assets/layer.js";

const element = (id) => document.getElementById(id);
const cards = new Map();
let catalogue = [];
let frozen = false;

async function call(method, path, body) {
  const init = { method };
  if (body !== undefined) {
    init.headers = { "content-type": "application/json" };
    init.body = JSON.stringify(body);
  }
  const response = await fetch(path, init);
  const text = await response.text();
  const isJson = (response.headers.get("content-type") ?? "").includes("json");
  const answer = isJson ? JSON.parse(text) : text;
  if (!response.ok) throw new Error(answer.error ?? `${response.status} ${text}`);
  return answer;
}

let toastTimer = 0;
function toast(text) {
  const toast = element("toast");
  toast.textContent = text;
  toast.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => (toast.hidden = true), 4000);
}

async function act(work) {
  try {
    const said = await work();
    if (said?.text) toast(`${said.text} ${said.gloss}`);
  } catch (error) {
    toast(error.message);
  }
  await refresh();
}

const make = (tag, props = {}, ...children) => {
  const made = Object.assign(document.createElement(tag), props);
  made.append(...children);
  return made;
};
const time = (text) => new Date(text).toLocaleTimeString();
const exactly = (text) => new Date(text).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit", fractionalSecondDigits: 3 });

function wordsOf({ kind, on, times, ...rest }) {
  const fields = Object.entries(rest).map(([name, value]) => ` ${name} ${value}`);
  const call = catalogue.find((entry) => entry.fault.kind === kind)?.of_answers && on !== "both" ? ` on ${on}` : "";
  return `${kind}${fields.join("")}${call}${times ? ` × ${times}` : ""}`;
}

function newCard(order) {
  const card = element("order").content.firstElementChild.cloneNode(true);
  const path = `/sandbox/orders/${order.order_id}`;
  card.querySelector("h2").textContent = order.order_id;
  card.querySelector(".cashier").href = order.cashier_url;
  card.querySelector(".shop").href = `/shop/orders/${order.order_id}`;
  for (const button of card.querySelectorAll("[data-act]")) {
    button.addEventListener("click", () => act(() => call("POST", `${path}/${button.dataset.act}`)));
  }

  const form = card.querySelector("form");
  const fields = card.querySelector(".fields");
  for (const { fault, about } of catalogue) form.elements.kind.append(make("option", { value: fault.kind }, about));
  const showFields = () => {
    const { fault, of_answers } = catalogue.find((entry) => entry.fault.kind === form.elements.kind.value);
    const { kind, ...values } = fault;
    card.querySelector(".on").hidden = !of_answers;
    fields.replaceChildren(...Object.entries(values).map(([name, value]) =>
      make("label", {}, `${name} `, typeof value === "number"
        ? make("input", { name, type: "number", value, required: true })
        : make("input", { name, value: value ?? "", required: name !== "value" }))));
  };
  form.elements.kind.addEventListener("change", showFields);
  showFields();
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const fault = { kind: form.elements.kind.value, on: form.elements.on.value };
    for (const input of fields.querySelectorAll("input")) {
      fault[input.name] = input.type === "number" ? Number(input.value) : input.value || null;
    }
    if (form.elements.times.value) fault.times = Number(form.elements.times.value);
    act(async () => call("PUT", `${path}/faults`, [...(await call("GET", `${path}/faults`)), fault]));
  });
  for (const details of card.querySelectorAll(".requests, .sides")) details.addEventListener("toggle", refresh);
  return card;
}

function fill(card, order) {
  const status = card.querySelector(".status");
  const expired = order.status === "pending" && Date.parse(order.now) >= Date.parse(order.expires_at);
  status.textContent = expired ? "expired" : order.status;
  status.className = `status ${expired ? "closed" : order.status}`;
  card.querySelector(".price").textContent = `${money(order.amount, "en")} · ${order.description}`;
  const platform = order.trades.map((trade) => `${trade.out_trade_no} ${trade.trade_state}`).join(", ") || "not asked yet";
  const valid = order.payments.find((payment) => payment.payment_id === order.valid_payment_id);
  const facts = card.querySelector(".facts");
  facts.replaceChildren(`Platform: ${platform}. Expires ${time(order.expires_at)}.`);
  if (valid) facts.append(` ${valid.method} until ${time(valid.expires_at)}: `, make("code", {}, valid.code_url ?? valid.action.type));
  const paid = order.status === "paid";
  card.querySelector('[data-act="pay"]').disabled = !order.payments.length || order.status !== "pending";
  card.querySelector('[data-act="close"]').disabled = order.status !== "pending";
  card.querySelector('[data-act="refund"]').disabled = !paid;
  const path = `/sandbox/orders/${order.order_id}/faults`;
  card.querySelector(".faults").replaceChildren(...order.faults.map((fault, index) => {
    const words = wordsOf(fault);
    const remove = make("button", { type: "button", ariaLabel: `Remove ${words}` }, "×");
    remove.addEventListener("click", () => act(() => call("PUT", path, order.faults.filter((_, other) => other !== index))));
    return make("li", {}, words, remove);
  }));
}

async function fillRequests(card, order) {
  const details = card.querySelector(".requests");
  if (!details.open) return;
  const report = await call("GET", `/sandbox/orders/${order.order_id}/requests`);
  details.querySelector("summary").textContent =
    `Requests: ${report.status_requests} for the status, at most ${report.max_concurrent} at a time`;
  const rows = report.requests.slice(-100).reverse().map((request) => row("td", [
    time(request.at), request.method, request.path.replace(`/api/orders/${order.order_id}`, "…"),
    request.aborted ? "given up" : request.status ?? "running", request.answered,
    request.end_ms === null ? "" : `${request.end_ms - request.start_ms} ms`,
    request.faults.map((fault) => fault.kind).join(" "),
  ]));
  const head = row("th", ["at", "method", "path", "status", "answered", "took", "faults"]);
  details.querySelector(".table").replaceChildren(make("table", {}, head, ...rows));
}

const row = (tag, cells) => make("tr", {}, ...cells.map((cell) => make(tag, {}, String(cell ?? ""))));
const table = (caption, head, rows) => make("table", {}, make("caption", {}, caption), row("th", head), ...rows.map((cells) => row("td", cells)));
const word = (state) => (typeof state === "string" ? state : Object.keys(state)[0]);

/** What a line of the journal is about: one fact, which is under its own name. */
function how(body) {
  const fact = body && typeof body === "object" ? Object.values(body)[0] : undefined;
  if (!fact || typeof fact !== "object") return "";
  const { out_trade_no: number, trade, payment, placed, report, source, why } = fact;
  const given = payment ?? placed?.payable?.payment;
  const not = placed?.not && JSON.stringify(placed.not);
  return [
    report?.out_trade_no ?? number ?? trade?.out_trade_no, trade?.method, given?.action?.type, report?.trade_state, source && `by ${source}`, why, not,
  ].filter(Boolean).join(", ");
}

/** What both sides say of each number, what they asked each other, what the shop was told, and what the merchant wrote down. */
async function fillSides(card, order) {
  const details = card.querySelector(".sides");
  if (!details.open) return;
  const both = await call("GET", `/sandbox/orders/${order.order_id}`);
  const at = (number) => both.trades.find((trade) => trade.out_trade_no === number);
  const told = (notify) => notify && `${notify.state}${notify.failed ? `, ${notify.failed} failed, next ${time(notify.next_at)}` : ""}`;
  details.querySelector(".table").replaceChildren(
    table("Numbers", ["out_trade_no", "method", "at the merchant", "at WeChat Pay", "notification", "queries", "paid", "heard by", "transaction_id"], both.merchant_trades.map((trade) => [
      trade.out_trade_no, trade.method, word(trade.state), at(trade.out_trade_no)?.trade_state,
      trade.method === "payment_code" ? "never sent for codes" : told(at(trade.out_trade_no)?.notify) ?? "not yet", at(trade.out_trade_no)?.queries,
      trade.receipt && exactly(trade.receipt.success_time), trade.receipt && `${trade.receipt.heard_by}, ${exactly(trade.receipt.heard_at)}`, trade.receipt?.transaction_id,
    ])),
    table("APIv3 requests of the merchant since the sandbox's start, newest first", ["at", "request", "answer", "faults"], both.apiv3.slice(-100).reverse().map((request) => [
      exactly(request.at), `${request.method} ${request.path}`, `${request.status} ${request.code ?? ""}`, request.faults.join(" "),
    ])),
    table("Webhooks to the shop", ["at", "type", "state", "tries", "answer", "heard", "next"], both.webhooks.map((webhook) => [
      time(webhook.created_at), webhook.type, webhook.state, webhook.tries, webhook.last_status ?? webhook.last_error, `${webhook.heard} ×`,
      webhook.next_at && time(webhook.next_at),
    ])),
    table("Journal of the merchant, newest first", ["at", "what", "how"], both.journal.slice(-100).reverse().map(({ at, kind, body }) => [exactly(at), kind, how(body)])),
  );
}

/** What the shop was told, as it comes. */
let inboxShown = "";
async function fillInbox() {
  const heard = await call("GET", "/sandbox/webhooks");
  element("silence").hidden = heard.length > 0;
  const list = JSON.stringify(heard);
  if (list === inboxShown) return;
  inboxShown = list;
  const rows = heard.map(({ at, type, about, times, id }) => row("td", [exactly(at), type, about, `${times} ×`, id]));
  element("inbox").replaceChildren(...(rows.length ? [make("table", {}, row("th", ["at", "type", "about", "heard", "webhook-id"]), ...rows)] : []));
}

const FOREIGN = "bill_line_foreign";
async function plantings() {
  return (await call("GET", "/simulator/faults")).faults;
}

const DAY = 24 * 60 * 60 * 1000;
const AHEAD = 8 * 60 * 60 * 1000;
/** Ten past ten in the morning of the next day in China. */
const nextDay = (now) => new Date((Math.floor((now + AHEAD) / DAY) + 1) * DAY - AHEAD + 10 * 60 * 60 * 1000 + 10 * 60 * 1000).toISOString();

let shown = "";
async function refresh() {
  try {
    const [orders, clock] = await Promise.all([call("GET", "/sandbox/orders"), call("GET", "/sandbox/clock")]);
    frozen = clock.frozen;
    element("clock").textContent = `${new Date(clock.now).toLocaleString()}${frozen ? " (frozen)" : ""}`;
    element("freeze").textContent = frozen ? "Let it run" : "Freeze";
    element("none").hidden = orders.length > 0;
    await fillInbox();
    element("foreign").checked = (await plantings()).some((fault) => fault.kind === FOREIGN);
    // Redrawing only what changed leaves the focus where it is.
    const list = JSON.stringify(orders.map((order) => order.order_id));
    for (const order of orders) {
      const id = order.order_id + order.token;
      if (!cards.has(id)) cards.set(id, { card: newCard(order), drawn: "" });
      const entry = cards.get(id);
      const { now, ...rest } = order;
      const drawn = JSON.stringify(rest) + (Date.parse(now) >= Date.parse(order.expires_at));
      if (entry.drawn !== drawn) fill(entry.card, order);
      entry.drawn = drawn;
      await fillRequests(entry.card, order);
      await fillSides(entry.card, order);
    }
    if (shown !== list) element("orders").replaceChildren(...orders.map((order) => cards.get(order.order_id + order.token).card));
    shown = list;
  } catch (error) {
    toast(`The sandbox does not answer: ${error.message}`);
  }
}

element("bar").addEventListener("click", (event) => {
  const change = event.target.dataset.clock;
  if (change) act(() => call("POST", "/sandbox/clock", JSON.parse(change)));
});
element("real").addEventListener("click", () => act(() => call("POST", "/sandbox/clock", { set: new Date().toISOString() })));
element("next-day").addEventListener("click", () => act(async () => {
  const { now } = await call("GET", "/sandbox/clock");
  await call("POST", "/sandbox/clock", { set: nextDay(Date.parse(now)) });
}));
element("foreign").addEventListener("change", (event) => {
  const wanted = event.target.checked;
  act(async () => {
    const others = (await plantings()).filter((fault) => fault.kind !== FOREIGN);
    await call("PUT", "/simulator/faults", wanted ? [...others, { kind: FOREIGN }] : others);
  });
});
element("freeze").addEventListener("click", () => act(() => call("POST", "/sandbox/clock", { freeze: !frozen })));

const { keys } = await call("GET", "/sandbox/console");
element("keys").append(...keys.flatMap(({ name, about, key }) => [make("dt", {}, `${name}: ${about}`), make("dd", {}, make("code", {}, key))]));
catalogue = await call("GET", "/sandbox/faults");
await refresh();
setInterval(() => document.visibilityState === "visible" && refresh(), 2000);
