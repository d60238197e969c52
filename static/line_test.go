package static

import (
	"os/exec"
	"strings"
	"testing"
)

// desk stands in for the browser around line.js: a clock that moves by hand, and a desk whose connections are listed.
const deskOfTest = `
let now = 0, set = 0, timers = [], ids = 0; // set is by how much somebody has moved the clock
Date.now = () => now + set;
performance.now = () => now;
Math.random = () => 0.5;
globalThis.setTimeout = (act, ms) => { timers.push({ id: ++ids, act, at: now + ms }); return ids; };
globalThis.setInterval = (act, ms) => {
  const id = ++ids;
  const turn = () => { timers.push({ id, act: turn, at: now + ms }); act(); };
  timers.push({ id, act: turn, at: now + ms });
  return id;
};
globalThis.clearTimeout = globalThis.clearInterval = (id) => { timers = timers.filter((t) => t.id !== id); };
const pass = (ms) => {
  const end = now + ms;
  for (;;) {
    const next = timers.filter((t) => t.at <= end).sort((a, b) => a.at - b.at || a.id - b.id)[0];
    if (!next) break;
    timers = timers.filter((t) => t !== next);
    now = next.at;
    next.act();
  }
  now = end;
};
const opened = [];
globalThis.EventSource = class {
  constructor(url) { this.url = url; this.heard = {}; this.closed = false; opened.push(this); }
  addEventListener(name, act) { this.heard[name] = act; }
  close() { this.closed = true; }
  say(name, data = "", id = "") { this.heard[name]({ data, lastEventId: id }); }
};
const told = [];
const line = pult.use("line")("/live", (news) => told.push(news.type + (news.number ?? news.waiting ?? "")));
const last = () => opened.at(-1);
const connections = () => opened.filter((s) => !s.closed).length;
const show = (value) => console.log(JSON.stringify(value));
`

// runLine runs steps against line.js and gives what they show, a line each.
func runLine(t *testing.T, steps string) string {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("Node is not installed: the connection is still tried in a browser by the tests of the whole program")
	}
	program := loader + "{\n" + string(readFile("js/line.js")) + "\n}\n" + deskOfTest + steps
	out, err := exec.CommandContext(t.Context(), node, "-e", program).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return strings.TrimSpace(string(out))
}

func wantShown(t *testing.T, got string, want ...string) {
	t.Helper()
	if got != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", got, strings.Join(want, "\n"))
	}
}

// Half-open connections tell nothing: no error, no end. Two beats without a word are the end of one.
func TestLine_SilenceIsADeadConnectionAndTheNextGoesOnAtTheLastNumber(t *testing.T) {
	wantShown(t, runLine(t, `
		line.open(7);
		last().say("open");
		last().say("moved", '{"n":9,"moved":[]}', "9");
		last().say("ping", "", "11");
		pass(20_000);
		show([opened.length, connections()]);
		pass(10_000);
		show([last().url, connections(), told]);
		last().say("open");
		last().say("ping", "", "12");
		show([told.at(-2), line.state()]);`),
		`[1,1]`,
		`["/live?after=11",1,["up7","moved9","at11","down"]]`,
		`["up11",{"up":true,"number":12,"waiting":-1,"open":true}]`,
	)
}

func TestLine_BeatsKeepItOpen(t *testing.T) {
	wantShown(t, runLine(t, `
		line.open(1);
		last().say("open");
		for (let i = 0; i < 100; i++) { pass(10_000); last().say("ping", "", "1"); }
		show([opened.length, told.filter((one) => one === "down").length]);`),
		`[1,0]`,
	)
}

// A connection that is never answered tells nothing either.
func TestLine_ConnectionThatNeverOpensIsTriedAgain(t *testing.T) {
	wantShown(t, runLine(t, `
		line.open(1);
		pass(30_000);
		show([opened.length, connections(), told]);`),
		`[4,1,[]]`,
	)
}

func TestLine_TriesAgainWithGrowingPauses(t *testing.T) {
	wantShown(t, runLine(t, `
		line.open(1);
		last().say("open");
		const at = [];
		for (let i = 0; i < 7; i++) { last().say("error"); const n = opened.length, from = now; while (opened.length === n) pass(10); at.push(now - from); }
		show(at);
		last().say("open");
		last().say("ping", "", "1");
		last().say("error");
		const from = now, n = opened.length;
		while (opened.length === n) pass(10);
		show([now - from, told]);`),
		`[250,500,1000,2000,4000,4000,4000]`,
		`[250,["up1","down","up1","at1","down"]]`,
	)
}

func TestLine_WhoComesBackAsksAnewOnlyWhenInDoubt(t *testing.T) {
	wantShown(t, runLine(t, `
		line.open(1);
		last().say("open");
		pass(5_000);
		line.check();
		show(opened.length);
		line.check(true);
		line.check(true);
		show(opened.length);
		last().say("open");
		pass(15_000);
		line.check();
		show([opened.length, connections()]);`),
		`1`, `2`, `[3,1]`,
	)
}

// The clock of a laptop that was asleep, or was put back, must not keep a dead connection.
func TestLine_ClockThatWasPutBackDoesNotKeepADeadConnection(t *testing.T) {
	wantShown(t, runLine(t, `
		line.open(1);
		last().say("open");
		pass(2_000);
		set = -86_400_000;
		pass(6_000);
		show(opened.length);
		last().say("open");
		pass(14_000);
		line.check();
		show(opened.length);`),
		`2`, `3`,
	)
}

func TestLine_OnlyWhoIsTurnedAwayTwiceHasToSignIn(t *testing.T) {
	wantShown(t, runLine(t, `
		line.open(3);
		last().say("open");
		last().say("signin");
		show([told.includes("signin"), connections()]);
		last().say("open");
		last().say("ping", "", "4");
		pass(60_000);
		last().say("signin");
		last().say("signin");
		show([told.filter((one) => one === "signin").length, connections(), line.state().open]);
		pass(60_000);
		show(connections());`),
		`[false,1]`, `[1,0,false]`, `0`,
	)
}

func TestLine_TooOldIsToldAndWhatHappensFromThenOnIsHeard(t *testing.T) {
	wantShown(t, runLine(t, `
		line.open(3);
		last().say("reload");
		show([told, connections(), last().url]);
		last().say("open");
		last().say("ping", "", "50000");
		show([told, line.state().number]);`),
		`[["reload"],1,"/live"]`,
		`[["reload","up0","at50000"],50000]`,
	)
}

func TestLine_WhatAClosedConnectionStillSaysIsNotHeard(t *testing.T) {
	wantShown(t, runLine(t, `
		line.open(3);
		const first = last();
		line.check(true);
		pass(2_000);
		line.check(true);
		first.say("moved", '{"n":9,"moved":[{"c":"x"}]}', "9");
		show(told);`),
		`[]`,
	)
}

// page stands in for a page that asks for its news: what was asked waits for its answer.
const pageOfTest = `
globalThis.location = new URL("http://desk/chats/a");
const spot = { dataset: { news: "/live/news?page=conversation&id=a&after=10" } };
const sink = { isConnected: true, dispatchEvent() {} };
Object.assign(globalThis.document, {
  hidden: false,
  getElementById: (id) => ({ "live-page": spot, panes: { dataset: { conversation: "a" } } })[id] ?? null,
  querySelectorAll: () => [],
});
const swapped = [];
globalThis.htmx.swap = async ({ text }) => { swapped.push(text); };
const asked = [];
globalThis.fetch = (url) => new Promise((answer) => asked.push({ after: Number(url.searchParams.get("after")), have: url.searchParams.get("have"), answer }));
const reply = async (text, number, more) => {
  const headers = new Headers({ "Pult-Number": number, "Pult-Have": "have" + number, ...(more ? { "Pult-More": "yes" } : {}) });
  asked.at(-1).answer({ ok: true, status: 200, redirected: false, headers, text: async () => text });
  await new Promise((done) => setImmediate(done));
};
let now = 0;
performance.now = () => now;
const timers = [];
globalThis.setTimeout = (act, ms) => timers.push({ act, at: now + ms });
globalThis.clearTimeout = (id) => { if (timers[id - 1]) timers[id - 1].at = Infinity; };
const pass = async (ms) => {
  now += ms;
  for (const t of timers.filter((one) => one.at <= now)) { t.at = Infinity; t.act(); }
  await new Promise((done) => setImmediate(done));
};
const page = shared.live.newPage(sink);
const show = (value) => console.log(JSON.stringify(value));
(async () => {
`

func runPage(t *testing.T, steps string) string {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("Node is not installed: pages are still tried in a browser by the tests of the whole program")
	}
	program := loader + "{\n" + string(readFile("js/live.js")) + "\n}\n" + pageOfTest + steps + "\n})();"
	out, err := exec.CommandContext(t.Context(), node, "-e", program).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return strings.TrimSpace(string(out))
}

// What moves between a question and its answer is in no answer yet.
func TestPage_WhatMovedDuringAQuestionIsAskedForAfterwards(t *testing.T) {
	wantShown(t, runPage(t, `
		await pass(1000);
		page.moved(11, [{ c: "a" }]);
		page.moved(12, [{ c: "a" }]);
		page.at(12);
		await reply("<p>eleven</p>", 11);
		await pass(200);
		show([asked.map((one) => one.after), page.number()]);
		await reply("<p>twelve</p>", 12);
		await pass(200);
		show([asked.length, page.number(), swapped]);`),
		`[[10,11],11]`, `[2,12,["<p>eleven</p>","<p>twelve</p>"]]`,
	)
}

func TestPage_WhatDoesNotConcernItMovesItsNumberOnly(t *testing.T) {
	wantShown(t, runPage(t, `
		await pass(1000);
		page.moved(11, [{ c: "b", row: true }]);
		page.at(15);
		show([asked.length, page.number(), spot.dataset.news]);`),
		`[0,15,"/live/news?page=conversation&id=a&after=15"]`,
	)
}

func TestPage_HiddenOneAsksOnceWhenItIsSeen(t *testing.T) {
	wantShown(t, runPage(t, `
		await pass(1000);
		document.hidden = true;
		for (let n = 11; n < 30; n++) page.moved(n, [{ c: "a" }]);
		page.at(30);
		show([asked.length, page.number()]);
		document.hidden = false;
		page.seen();
		show([asked.length, asked[0].after]);`),
		`[0,10]`, `[1,10]`,
	)
}

func TestPage_AsksForTheRestAndAgainAfterAFailure(t *testing.T) {
	wantShown(t, runPage(t, `
		await pass(1000);
		page.moved(400, [{ c: "a" }]);
		await reply("", 210, true);
		await pass(200);
		show([asked.map((one) => one.after), asked[1].have]);
		asked.at(-1).answer(Promise.reject(new Error("no network")));
		await pass(100);
		show(asked.length);
		await pass(3000);
		show([asked.length, asked[2].after]);
		await reply("", 400);
		show([page.number(), swapped.length]);`),
		`[[10,210],"have210"]`, `2`, `[3,210]`, `[400,0]`,
	)
}

func TestPage_AnswerToAListThatIsNoLongerShownIsDropped(t *testing.T) {
	wantShown(t, runPage(t, `
		await pass(1000);
		page.moved(11, [{ c: "a" }]);
		spot.dataset.news = "/live/news?page=chats&view=mine&after=11";
		await reply("<p>of the old list</p>", 11);
		await pass(200);
		show([swapped, asked.at(-1).after, asked.length]);`),
		`[[],11,2]`,
	)
}
