package i18n_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// dynamic are the beginnings of keys that the program puts together, each with where the rest comes from.
var dynamic = []string{
	"format.unit.", // i18n.Duration, i18n.Bytes
	"status.",      // domain.Status
	"state.",       // domain.MessageState
	"kind.",        // domain.MessageKind
	"channel.",     // domain.ChannelKind
	"presence.",    // domain.Presence
	"role.",        // domain.Role
	"priority.",    // domain.Priority
	"language.",    // domain.Language
	"action.",      // domain.Permission
	"direction.",   // domain.Direction
	"activity.",    // domain.Activity
	"job.",         // domain.JobKind
	"template.status.",
	"operators.column.", // columns of the operators table
	"chats.column.",     // columns of the chats table
	"call.is.",          // domain.Direction and domain.CallState
	"call.live.",        // domain.CallState
	"call.outcome.",     // domain.CallOutcomes
	"health.state.",     // connections.HealthState
	"health.receiver.",  // states of a receiver
	"simulator.fault.",  // switches of the phone page
	"vendor.",           // error classes and codes of the drivers
}

var (
	literal = regexp.MustCompile(`["'\x60]([a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+)["'\x60]`)
	// called finds the keys that are certainly meant as messages, and must therefore exist.
	called = regexp.MustCompile(
		`(?:[({]-?\s*[tn] |\.T\(|\.N\(|Refuse\([^,()]+, |\.Add\([^,()]+, |\b[kK]ey: +)"([a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+)"`,
	)
)

// readSources gives every file of the program that may name a message, without tests.
func readSources(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "vendor" || d.Name() == "testdata" || (strings.HasPrefix(d.Name(), ".") && path != "..")) {
			return filepath.SkipDir
		}
		switch ext := filepath.Ext(path); {
		case d.IsDir(), strings.HasSuffix(path, "_test.go"):
		case ext == ".go", ext == ".html", ext == ".js":
			data, err := os.ReadFile(path)
			out[path] = string(data)
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestCatalog_NoMessageIsUnused(t *testing.T) {
	used := map[string]bool{}
	for _, text := range readSources(t) {
		for _, m := range literal.FindAllStringSubmatch(text, -1) {
			used[m[1]] = true
		}
	}
	for key := range readCatalog(t, "en") {
		if !used[key] && !hasPrefix(key, dynamic) {
			t.Errorf("%s: no Go, HTML or JavaScript file names it", key)
		}
	}
}

func TestCatalog_EveryMessageNamedExists(t *testing.T) {
	english := readCatalog(t, "en")
	for path, text := range readSources(t) {
		for _, m := range called.FindAllStringSubmatch(text, -1) {
			if english[m[1]] == nil {
				t.Errorf("%s names the message %s, which is in no language", path, m[1])
			}
		}
	}
}

func hasPrefix(key string, prefixes []string) bool {
	for _, p := range prefixes {
		if strings.HasPrefix(key, p) {
			return true
		}
	}
	return false
}
