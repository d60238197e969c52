package app

import (
	"bytes"
	"context"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/store"
	"pult/domain/store/kv/badgerkv"
	"pult/internal/demo"
)

// makeData makes a data folder whose desk has a workspace.
func makeData(t *testing.T, w domain.Workspace) (path string) {
	t.Helper()
	f := folder{path: t.TempDir()}
	engine, err := badgerkv.Open(badgerkv.Options{Dir: f.databasePath()})
	if err != nil {
		t.Fatal(err)
	}
	defer engine.Close()
	key, err := f.newKey()
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(t.Context(), engine, store.Options{Now: time.Now, SealKey: key})
	if err != nil {
		t.Fatal(err)
	}
	w.SetUpAt = time.Now().UTC().Truncate(time.Millisecond)
	if err := s.Update(t.Context(), func(tx *store.Tx) error { return tx.PutWorkspace(&w) }); err != nil {
		t.Fatal(err)
	}
	return f.path
}

// readyOrEnd is what the program writes; it stops the program once that says that it is ready.
type readyOrEnd struct {
	mu   sync.Mutex
	text bytes.Buffer
	stop context.CancelFunc
}

func (w *readyOrEnd) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.text.Write(b)
	if bytes.Contains(b, []byte("msg=ready")) {
		w.stop()
	}
	return len(b), nil
}

// startOn starts the program on a data folder until it is ready, and gives its exit code and what it said.
func startOn(t *testing.T, path string, args ...string) (code int, said string) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	out := &readyOrEnd{stop: stop}
	args = append([]string{"-no-browser", "-listen", "127.0.0.1:0", "-public", "127.0.0.1:0", "-data", path}, args...)
	code = Run(ctx, Invocation{Args: args, Stdout: out, Stderr: out})
	return code, out.text.String()
}

func TestStart_SampleDataAreNoDeskAlsoAfterARestore(t *testing.T) {
	sample, restored := makeData(t, domain.Workspace{Company: "Pult demo", Demo: true}), t.TempDir()
	backup := filepath.Join(t.TempDir(), "backup")
	var out bytes.Buffer
	for _, args := range [][]string{{"-data", sample, "backup", backup}, {"-data", restored, "restore", backup}} {
		if code := Run(t.Context(), Invocation{Args: args, Stdout: &out, Stderr: &out}); code != exitStopped {
			t.Fatalf("pult %v: %d %s", args, code, out.String())
		}
	}
	for _, path := range []string{sample, restored} {
		code, said := startOn(t, path)
		if code != exitFailed || !strings.Contains(said, demo.ErrSampleData.Error()) || strings.Contains(said, "msg=ready") {
			t.Errorf("got %d %q, want it refused", code, said)
		}
	}
}

func TestStart_ADesksDataAreNoDemo(t *testing.T) {
	path := makeData(t, domain.Workspace{Company: "Dvůr"})
	code, said := startOn(t, path, "-demo")
	if code != exitFailed || !strings.Contains(said, demo.ErrRealData.Error()) || strings.Contains(said, demo.Password) {
		t.Errorf("got %d %q, want it refused and no password offered", code, said)
	}
	if code, said := startOn(t, path); code != exitStopped || !strings.Contains(said, "msg=ready") {
		t.Errorf("got %d %q, want the desk served as before", code, said)
	}
}
