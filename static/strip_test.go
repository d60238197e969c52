package static

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestStripScript_LeavesTheProgramAlone(t *testing.T) {
	for script, want := range map[string]string{
		"// gone\nlet a; // gone\n\n  let b;\n":               "let a;\nlet b;\n",
		"{\n/*\n  gone\n*/\nlet a;\n}\n":                      "{\nlet a;\n}\n",
		"/* gone */\nconst u = \"//a\"; /* stays */\n":        "const u = \"//a\"; /* stays */\n",
		"const f = () => {\n  return 1;\n  // gone\n};\n":     "const f = () => {\nreturn 1;\n};\n",
		"const t = \"a // b\";\n":                             "const t = \"a // b\";\n",
		"const t = 'a // b'; // gone\n":                       "const t = 'a // b';\n",
		"const t = `${a} // ${b}`;\n":                         "const t = `${a} // ${b}`;\n",
		"const r = / \\/\\/ x/u;\n":                           "const r = / \\/\\/ x/u;\n",
		"const r = /a // b/;\n":                               "const r = /a // b/;\n",
		"go(\"https://a.example\"); // gone, and all of it\n": "go(\"https://a.example\");\n",
		"let a; // it's kept, because of the mark\n":          "let a; // it's kept, because of the mark\n",
	} {
		if got := string(stripScript([]byte(script))); got != want {
			t.Errorf("%q: got %q, want %q", script, got, want)
		}
	}
}

// eachScript gives a test every script of ours.
func eachScript(t *testing.T, try func(name string, script []byte)) {
	t.Helper()
	for _, folder := range []string{"js", "worker", "widget/panel"} {
		for _, name := range listFiles(folder) {
			try(folder+"/"+name, readFile(folder+"/"+name))
		}
	}
}

func TestStripScript_NoScriptHasATextOverSeveralLines(t *testing.T) {
	eachScript(t, func(name string, script []byte) {
		for line := range bytes.Lines(script) {
			if bytes.Count(line, []byte("`"))%2 != 0 {
				t.Errorf("%s: a text over several lines would lose its indentation: %s", name, line)
			}
		}
	})
}

// A block of comment that ends in the middle of a line would take the rest of the line with it.
func TestStripScript_BlocksOfCommentStandAlone(t *testing.T) {
	eachScript(t, func(name string, script []byte) {
		inComment := false
		for line := range bytes.Lines(script) {
			text := strings.TrimSpace(string(line))
			inComment = inComment || strings.HasPrefix(text, "/*")
			if _, rest, ends := strings.Cut(text, "*/"); inComment && ends {
				inComment = false
				if rest != "" {
					t.Errorf("%s: something stands behind a block of comment: %s", name, text)
				}
			}
		}
		if inComment {
			t.Errorf("%s ends within a comment", name)
		}
	})
}

// Node reads every part as a browser would. Without it the parts are still tried by the tests of the whole program.
func TestParts_ScriptsCanBeRead(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("Node is not installed")
	}
	for _, p := range parts {
		if filepath.Ext(p.name) != ".js" {
			continue
		}
		file := filepath.Join(t.TempDir(), "part.js")
		if err := os.WriteFile(file, p.join(p.folder, p.files), 0o600); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.CommandContext(t.Context(), node, "--check", file).CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", p.name, err, out)
		}
	}
}
