package journey_test

import (
	"bytes"
	"context"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"pult/internal/app"
)

func TestProgram_StopSignalEndsItWithinFiveSeconds(t *testing.T) {
	p := launch(t, nil, "-demo")
	v := newVisitor(t)
	v.signIn(p.desk)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.desk+"/live?page=other&after=0", nil)
	if err != nil {
		t.Fatal(err)
	}
	v.Timeout = 0
	stream, err := v.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Body.Close()
	ended := make(chan error, 1)
	go func() { ended <- p.stop() }()
	select {
	case err := <-ended:
		if err != nil {
			t.Errorf("got %v, want a clean end:\n%s", err, p.output())
		}
	case <-time.After(app.StopWithin + 3*time.Second):
		t.Error("pult still runs although it was told to stop")
	}
}

func TestProgram_SecondStartFindsTheRunningDesk(t *testing.T) {
	dir := t.TempDir()
	p := launch(t, nil, "-demo", "-data", dir)
	cmd := exec.Command(os.Args[0], "-no-browser", "-demo", "-data", dir)
	cmd.Env = append(os.Environ(), asProgram+"=1")
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), p.desk) {
		t.Errorf("got %v:\n%s\nwant the address of the running desk, %s", err, out, p.desk)
	}
}

func TestProgram_BackupRestoredElsewhereHoldsTheSameChats(t *testing.T) {
	dir, file, other := t.TempDir(), t.TempDir()+"/pult.backup", t.TempDir()
	p := launch(t, nil, "-demo", "-data", dir)
	v := newVisitor(t)
	v.signIn(p.desk)
	before := v.rows(p.desk)
	if err := p.stop(); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"-data", dir, "backup", file}, {"-data", other, "restore", file}, {"-data", other, "check"}} {
		var out bytes.Buffer
		if code := app.Run(t.Context(), app.Invocation{Args: args, Stdout: &out, Stderr: &out}); code != 0 {
			t.Fatalf("pult %v: exit code %d\n%s", args, code, out.String())
		}
	}
	restored := launch(t, nil, "-demo", "-data", other)
	if after := v.rows(restored.desk); len(before) < 10 || strings.Join(after, " ") != strings.Join(before, " ") {
		t.Errorf("got rows %v, want %v", after, before)
	}
}
