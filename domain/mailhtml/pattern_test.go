package mailhtml

import (
	"os"
	"testing"
)

// compiledAtStart is how many patterns were compiled before anybody asked for one.
var compiledAtStart int64

func TestMain(m *testing.M) {
	compiledAtStart = compiled.Load()
	os.Exit(m.Run())
}

func TestPatterns_AreCompiledByTheFirstLetterOnly(t *testing.T) {
	if compiledAtStart != 0 {
		t.Errorf("%d patterns were compiled at the start, want none", compiledAtStart)
	}
	Render(`<p style="color: red">Hello</p>`, Options{Quoted: "quoted"})
	after := compiled.Load()
	if after == 0 {
		t.Fatal("a letter was shown without a pattern: nothing is counted")
	}
	Render(`<p style="color: red">Hello</p>`, Options{Quoted: "quoted"})
	if got := compiled.Load(); got != after {
		t.Errorf("the second letter compiled %d patterns, want none", got-after)
	}
}
