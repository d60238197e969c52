package app

import (
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// initLine is what the runtime says of a package that was initialised.
var initLine = regexp.MustCompile(`(?m)^init (\S+) @.* (\d+) bytes, (\d+) allocs$`)

// Every start pays for what packages do before main, also pult -version. What one of ours prepares for a reader who may
// never come is prepared when they come: sync.OnceValue.
func TestInitialisers_PrepareNothingForReadersWhoMayNotCome(t *testing.T) {
	const each, together = 160_000, 900_000 // bytes allocated
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), "GODEBUG=inittrace=1")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	lines, sum := initLine.FindAllStringSubmatch(string(out), -1), 0
	for _, m := range lines {
		bytes, err := strconv.Atoi(m[2])
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(m[1], "pult/") {
			continue
		}
		if sum += bytes; bytes > each {
			t.Errorf("%s allocates %d bytes before main, want at most %d", m[1], bytes, each)
		}
	}
	if len(lines) < 20 {
		t.Fatalf("%d packages were initialised: the runtime says it in another way", len(lines))
	}
	t.Logf("our packages allocate %d bytes before main", sum)
	if sum > together {
		t.Errorf("our packages allocate %d bytes before main, want at most %d", sum, together)
	}
}
