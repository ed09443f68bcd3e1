// The page's own small part: post what people do, put the answers in their place, follow live changes.
// A live change is morphed into the page: nodes that stay keep their focus, their place and their open details.

const root = document.documentElement
const at = (id) => document.getElementById(id)
const PARTS = ["clock", "staff", "phone-head", "messages", "channel", "caption"]
const sheet = at("sheet"), body = at("sheet-body"), toast = at("toast"), scroller = at("scroller"), words = at("words")
const seen = JSON.parse(sessionStorage.getItem("seen") || "{}")
let answering = null, picked = false, answered = null

// --- talking to the server

async function post(path, what) {
  const said = JSON.stringify({ as: root.dataset.who, once: crypto.randomUUID(), ...what })
  try {
    const reply = await fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: said })
    const found = await reply.json()
    return reply.ok ? found : { tone: "bad", html: plain(found.error) }
  } catch {
    return { tone: "bad", html: plain("Bookend does not answer. Nothing was changed: try again in a moment.") }
  }
}

function plain(text) {
  const box = document.createElement("div")
  box.textContent = text
  return `<div class="notice" data-tone="bad">${box.innerHTML}</div>`
}

let fetching = false, again = false
async function refresh() {
  if (fetching) { again = true; return }
  fetching = true
  const who = root.dataset.who
  // the live connection asks again when the server is back
  const html = await fetch(`/fragments?as=${encodeURIComponent(who)}`).then((reply) => reply.ok && reply.text()).catch(() => "")
  fetching = false
  if (html && who === root.dataset.who) put(html)
  if (again || who !== root.dataset.who) { again = false; refresh() }
}

// --- putting what comes into the page

function put(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html")
  const before = new Set([...at("messages").children].map((each) => each.id))
  const atEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 120
  const near = document.activeElement?.closest("article")?.id
  for (const part of PARTS) morph(at(part), fresh.getElementById(part))
  if (near && document.activeElement === document.body) at(near)?.querySelector("button, summary")?.focus()
  if (!before.size) toEnd("instant")
  const added = [...at("messages").children].filter((each) => each.dataset.said && !before.has(each.id))
  if (added.length && before.size) hear(added, atEnd)
  else if (atEnd) toEnd("instant")
  if (!picked) answer()
  freshen()
}

function morph(old, now) {
  if (old.isEqualNode(now)) return
  if (old.nodeType !== 1 || old.nodeName !== now.nodeName || old.id !== now.id) { old.replaceWith(now); return }
  for (const { name } of [...old.attributes]) {
    if (!now.hasAttribute(name) && !(name === "open" && old.id)) old.removeAttribute(name)
  }
  for (const { name, value } of now.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value)
  const known = new Map([...old.children].filter((each) => each.id).map((each) => [each.id, each]))
  let here = old.firstChild
  const skip = () => { while (here?.dataset && "mine" in here.dataset) here = here.nextSibling }
  for (const child of [...now.childNodes]) {
    skip()
    const match = child.id ? known.get(child.id) : here && !here.id && here.nodeName === child.nodeName ? here : null
    if (!match) { old.insertBefore(child, here); continue }
    if (match === here) here = here.nextSibling
    else old.insertBefore(match, here)
    morph(match, child)
  }
  for (skip(); here; skip()) { const next = here.nextSibling; here.remove(); here = next }
}

function hear(added, atEnd) {
  at("announce").textContent = added.slice(-2).map((each) => `New: ${each.dataset.said}`).join(" ")
  if (atEnd) added.at(-1).scrollIntoView({ block: added.length > 1 ? "end" : "start" })
  else at("newer").hidden = false
}

function freshen() {
  for (const face of at("staff").children) {
    const { account, newest } = face.dataset
    if (account === root.dataset.who || !(account in seen)) seen[account] = Number(newest)
    const waits = Number(newest) > seen[account]
    face.classList.toggle("has-fresh", waits)
    face.querySelector(".fresh").hidden = !waits
  }
  sessionStorage.setItem("seen", JSON.stringify(seen))
}

function show(answer) {
  if (answer.place === "sheet") return open(answer.html)
  // an answer that stops the procedure is bad news, and yet it was taken: its form is over
  if (answer.tone === "bad" && !answer.taken && sheet.open) return complain(answer.html)
  if (sheet.open) shut()
  toast.innerHTML = answer.html
  toast.querySelector(".notice")?.append(closer())
}

function closer() {
  const button = at("shut").cloneNode(true)
  button.removeAttribute("id")
  button.addEventListener("click", () => toast.replaceChildren())
  return button
}

// --- the sheet: forms and views, over the phone

function open(html) {
  toast.replaceChildren()
  body.innerHTML = html
  at("discard").hidden = true
  sheet.setAttribute("aria-label", body.querySelector("h3")?.textContent ?? "Form")
  settle()
  if (!sheet.open) sheet.showModal()
  sheet.scrollTop = 0
  const wrong = body.querySelector(".wrong input, .wrong textarea")
  ;(wrong ?? body).focus({ preventScroll: !wrong })
}

function settle() {
  const place = at("phone").getBoundingClientRect()
  if (!place.width) return
  const sides = { left: place.left, width: place.width, height: place.height - 12, bottom: Math.max(0, innerHeight - place.bottom) }
  for (const [side, value] of Object.entries(sides)) root.style.setProperty(`--${side}`, `${value}px`)
}

const filled = () => [...body.querySelectorAll("form :is(input, textarea)")].some((each) =>
  each.checked !== each.defaultChecked || (each.type !== "radio" && each.value !== each.defaultValue))

const shut = () => { sheet.close(); body.replaceChildren() }

function leave() {
  if (!filled()) return shut()
  at("discard").hidden = false
  at("keep").focus()
}

function complain(html) {
  const note = body.querySelector(".sheet-note")
  if (!note) { body.insertAdjacentHTML("afterbegin", '<div class="sheet-note" role="alert"></div>'); return complain(html) }
  note.innerHTML = html
  note.scrollIntoView({ block: "nearest" })
}

async function submit(form, outcome) {
  const entries = {}, revisions = {}
  for (const part of form.querySelectorAll("fieldset")) {
    entries[part.dataset.task] = {}
    revisions[part.dataset.task] = Number(part.dataset.revision)
  }
  for (const [name, value] of new FormData(form)) {
    const [task, field] = name.split(" ")
    if (!field) continue
    if (field.endsWith("[]")) (entries[task][field.slice(0, -2)] ??= []).push(value)
    else entries[task][field] = value
  }
  const note = form.querySelector("[name=note]")?.value ?? ""
  const { action, value } = form.dataset
  const caught = (outcome === "caught" && form.querySelector("[name=caught]:checked")?.value) || null
  const answer = await post("/reply", { kind: "filled", entries, revisions, action, value, outcome, note, caught })
  if (answer.problems) mark(form, answer)
  else show(answer)
  refresh()
}

function mark(form, { problems, html }) {
  for (const field of form.querySelectorAll(".field")) fault(field, "")
  const fields = [...form.querySelectorAll(".field")]
  for (const [key, what] of Object.entries(problems)) {
    const exact = fields.filter(({ dataset: { task, field } }) => [".", ":", " ", "/"].some((sep) => key === task + sep + field))
    for (const field of exact.length ? exact : fields.filter((each) => each.dataset.field === key)) fault(field, what)
  }
  complain(html)
  const wrong = form.querySelector(".wrong :is(input, textarea)")
  wrong?.closest("details")?.setAttribute("open", "")
  wrong?.focus()
}

function fault(field, what) {
  field.classList.toggle("wrong", Boolean(what))
  field.querySelector(".error").textContent = what
  for (const each of field.querySelectorAll("input, textarea")) each.setAttribute("aria-invalid", String(Boolean(what)))
}

// What is pressed speaks for an urgency: said where it is asked, chosen by nobody but the person.
const URGENCIES = ["emergency", "urgent", "soon", "next_visit"]
function propose(part) {
  const rank = (each) => URGENCIES.indexOf(each.dataset.urgency)
  const [worst] = [...part.querySelectorAll(".option[data-urgency]:has(:checked)")].sort((a, b) => rank(a) - rank(b))
  for (const place of part.querySelectorAll(".proposed")) place.textContent = worst ? `What is pressed speaks for: ${worst.dataset.speaks}.` : ""
}
body.addEventListener("change", (event) => { if (event.target.closest("fieldset")) propose(event.target.closest("fieldset")) })

// --- what people do

const working = new WeakSet()
async function busy(button, work) {
  if (working.has(button)) return
  working.add(button)
  button.setAttribute("aria-busy", "true")
  try { await work() } finally {
    working.delete(button)
    button.removeAttribute("aria-busy")
  }
}

addEventListener("click", (event) => {
  const button = event.target.closest("button, a.face")
  if (!button) return
  const { press, command, stage, reply, tab, account } = button.dataset
  if (account) { event.preventDefault(); become(account, button.title) }
  else if (press) busy(button, async () => { show(await post("/reply", { kind: "pressed", ...JSON.parse(press) })); refresh() })
  else if (command) busy(button, async () => show(await post("/command", { words: command.split(" ") })))
  else if (stage) busy(button, async () => { toast.replaceChildren(); const said = await post("/stage", { do: stage }); if (said.html) show(said); refresh() })
  else if (reply) { answer(button); words.focus() }
  else if (tab) choose(tab)
})

function become(account, name) {
  root.dataset.who = account
  history.replaceState(null, "", `/?as=${encodeURIComponent(account)}`)
  for (const mine of document.querySelectorAll("[data-mine]")) mine.remove()
  toast.replaceChildren()
  answered = null
  at("messages").replaceChildren()
  answer()
  at("announce").textContent = `You are ${name}.`
  refresh()
}

// A typed reply is about the card that was picked, else about the newest one that waits for an answer.
function answer(button) {
  picked = Boolean(button)
  button ??= [...at("messages").querySelectorAll("article:not(:has([data-closed])) [data-reply]")].at(-1)
  answering = button ? JSON.parse(button.dataset.reply) : null
  at("answering").hidden = !button
  at("answering").toggleAttribute("data-picked", picked)
  at("answering").textContent = button ? `To: ${button.dataset.heading}` : ""
}

function choose(tab) {
  root.dataset.tab = tab
  for (const each of document.querySelectorAll(".tabs button")) each.setAttribute("aria-pressed", String(each.dataset.tab === tab))
}

// weeks of messages are not scrolled through: whoever opens a phone is at its newest
const toEnd = (behavior = "auto") => { scroller.scrollTo({ top: scroller.scrollHeight, behavior }); at("newer").hidden = true }

function say(html, kind) {
  const box = document.createElement("div")
  box.dataset.mine = ""
  box.className = `whisper ${kind}`
  if (kind === "own") box.textContent = html
  else box.innerHTML = html
  at("messages").append(box)
  // what changes on the cards above must not push the answer out of sight
  toEnd("instant")
}

at("composer").addEventListener("submit", async (event) => {
  event.preventDefault()
  const text = words.value.trim()
  if (!text) return
  words.value = ""
  toast.replaceChildren()
  say(text, "own")
  // what is taken back stands on the card that was answered last, though nothing on it may wait any more
  const message = /^undo\W*$/i.test(text) && !picked && answered ? answered : answering
  const said = await post("/reply", { kind: "typed", text, message })
  if (said.taken && message) answered = message
  if (said.place === "sheet") open(said.html)
  else say(said.html, "answer")
  if (said.tone === "bad" && !words.value) words.value = text
  else answer()
  at("announce").textContent = at("messages").lastElementChild.textContent
  refresh()
})

body.addEventListener("submit", (event) => {
  event.preventDefault()
  const button = event.submitter ?? body.querySelector("[data-outcome]")
  busy(button, () => submit(event.target, button.dataset.outcome))
})

sheet.addEventListener("cancel", (event) => { if (filled()) { event.preventDefault(); leave() } else body.replaceChildren() })
at("shut").addEventListener("click", leave)
at("drop").addEventListener("click", shut)
at("keep").addEventListener("click", () => { at("discard").hidden = true; body.querySelector("input, textarea")?.focus() })
at("newer").addEventListener("click", () => toEnd())
scroller.addEventListener("scroll", () => {
  if (scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 60) at("newer").hidden = true
}, { passive: true })
addEventListener("resize", settle)

at("theme").addEventListener("click", () => {
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches
  root.dataset.theme = dark ? "light" : "dark"
  localStorage.setItem("theme", root.dataset.theme)
})
if (localStorage.getItem("theme")) root.dataset.theme = localStorage.getItem("theme")

const live = new EventSource("/live")
live.addEventListener("changed", refresh)
settle()
freshen()
answer()
toEnd("instant")
