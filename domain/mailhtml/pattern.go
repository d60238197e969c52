package mailhtml

import (
	"regexp"
	"sync"
	"sync/atomic"
)

// compiled counts the patterns that were compiled, for the test that none is before a letter asks for it.
var compiled atomic.Int64

// newPattern is a regular expression that is compiled when it is first asked for: those of letters take megabytes, and
// most starts of the program end without one. A fault in it is a fault of the program and panics.
func newPattern(text string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp {
		compiled.Add(1)
		return regexp.MustCompile(text)
	})
}
