package static

import (
	"os/exec"
	"strings"
	"testing"
)

// loader gives a script what it finds on a page, as far as its pure functions need it.
const loader = `
const shared = {};
globalThis.pult = { share: (name, value) => { shared[name] = value; }, use: (name) => shared[name] ?? {}, behavior() {} };
globalThis.htmx = { registerExtension() {} };
globalThis.document = { title: "", addEventListener() {}, getElementById: () => null, querySelector: () => null };
globalThis.addEventListener = () => {};
`

// evaluateScript runs a script and gives the values of expressions over what it shares, as JSON. It needs Node, which
// the program itself does not: without it the scripts are still tried in a browser by the tests of the whole program.
func evaluateScript(t *testing.T, name string, expressions []string) []string {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("Node is not installed: the logic of the scripts is not tried here")
	}
	program := loader + "{\n" + string(readFile("js/"+name)) + "\n}\n"
	for _, e := range expressions {
		program += "console.log(JSON.stringify(" + e + "));\n"
	}
	out, err := exec.CommandContext(t.Context(), node, "-e", program).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
	return strings.Split(strings.TrimSpace(string(out)), "\n")
}

func TestScripts_PureFunctions(t *testing.T) {
	for file, cases := range map[string][]struct{ expression, want string }{
		// The vectors are domain.ID values: the browser and the desk must write one identifier alike.
		"message-id.js": {
			{`shared["message-id"].identify(0, new Uint8Array(10))`, `"00000000000000000000000000"`},
			{`shared["message-id"].identify(2 ** 48 - 1, new Uint8Array(10).fill(255))`, `"zzzzzzzzzzzzzzzzzzzzzzzzzw"`},
			{`shared["message-id"].identify(1795183500000, Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]))`, `"06gzjhjtw00g40r40m30e20918"`},
			{`shared["message-id"].make(1).length`, `26`},
		},
		"window.js": {
			{`shared.window.parts(0)`, `[[0,"second"]]`},
			{`shared.window.parts(130000)`, `[[2,"minute"],[10,"second"]]`},
			{`shared.window.parts(6 * 60000)`, `[[6,"minute"]]`},
			{`shared.window.parts((23 * 60 + 46) * 60000)`, `[[23,"hour"],[46,"minute"]]`},
			{`shared.window.parts((3 * 24 + 4) * 3600000)`, `[[3,"day"],[4,"hour"]]`},
			{`[1, 3599999, 3600000, 0, -5].map((ms) => shared.window.state(ms))`, `["closing","closing","open","closed","closed"]`},
			{`[[1, 9], [0, 9], [-5, 0]].map(([ms, personal]) => shared.window.state(ms, personal))`, `["closing","personal","closed"]`},
		},
		"thread.js": {
			{`[["a", "c"], ["a", "b"], ["b", "c"], []].map((list) => shared.thread.before(list, "b"))`, `[1,2,1,0]`},
		},
		"live.js": {
			{`[["(3) Chats · Pult", 0], ["Chats · Pult", 2], ["(3) Chats · Pult", 12]].map(([title, n]) => shared.live.titled(title, n))`, `["Chats · Pult","(2) Chats · Pult","(12) Chats · Pult"]`},
			// What moved, and what a table, a conversation and a page of the settings have to ask for.
			{`[{ c: "a", row: true }, { c: "a" }, { c: "b", row: true }, { c: "b" }, { k: "channel.changed" }, { c: "t", row: true }, { c: "t" }].map((m) =>
				[{ table: true, conversation: "", tabs: [] }, { table: false, conversation: "a", tabs: ["t"] }, { table: false, conversation: "", tabs: ["t"] }].map((here) => shared.live.concerns([m], here)).join())`, `["true,true,false","false,true,false","true,false,false","false,false,false","true,true,true","true,true,true","false,false,false"]`},
		},
		"favicon.js": {
			{`shared.favicon.marked("%3Csvg%3E%3C/svg%3E", true).length > "%3Csvg%3E%3C/svg%3E".length`, `true`},
			{`shared.favicon.marked(shared.favicon.marked("%3Csvg%3E%3C/svg%3E", true), true) === shared.favicon.marked("%3Csvg%3E%3C/svg%3E", true)`, `true`},
			{`shared.favicon.marked(shared.favicon.marked("%3Csvg%3E%3C/svg%3E", true), false)`, `"%3Csvg%3E%3C/svg%3E"`},
		},
		"request.js": {
			{`shared.tags.split(" a, B ,,b,c  d ")`, `["a","B","c d"]`},
		},
		"upload.js": {
			{`shared.uploads.refusal({ type: "image/png", size: 5 }, [{ mime: ["image/png"], max: 5, size: "5 B" }])`, `null`},
			{`shared.uploads.refusal({ type: "image/png", size: 6 }, [{ mime: ["image/png"], max: 5, size: "5 B" }])`, `{"sentence":"saySize","size":"5 B"}`},
			{`shared.uploads.refusal({ type: "image/svg+xml", size: 1 }, [{ mime: ["image/png"], max: 5, size: "5 B" }])`, `{"sentence":"sayType","size":""}`},
		},
		"composer.js": {
			{`shared.composing.length("a👍é")`, `3`},
			{`shared.composing.wantsSend({ key: "Enter" }, true)`, `true`},
			{`shared.composing.wantsSend({ key: "Enter", shiftKey: true }, true)`, `false`},
			{`shared.composing.wantsSend({ key: "Enter", isComposing: true }, true)`, `false`},
			{`shared.composing.wantsSend({ key: "Enter", ctrlKey: true }, false)`, `true`},
			{`[shared.composing.wantsSend({ key: "Enter" }, false), shared.composing.wantsSend({ key: "a", ctrlKey: true }, true)].some(Boolean)`, `false`},
		},
	} {
		var expressions []string
		for _, c := range cases {
			expressions = append(expressions, c.expression)
		}
		got := evaluateScript(t, file, expressions)
		for i, c := range cases {
			if i >= len(got) || got[i] != c.want {
				t.Errorf("%s: %s = %v, want %s", file, c.expression, got, c.want)
			}
		}
	}
}
