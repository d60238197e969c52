package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
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
	case <-time.After(stopWithin + 3*time.Second):
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
		if code := run(t.Context(), args, nil, &out, &out); code != exitStopped {
			t.Fatalf("pult %v: exit code %d\n%s", args, code, out.String())
		}
	}
	restored := launch(t, nil, "-demo", "-data", other)
	if after := v.rows(restored.desk); len(before) < 10 || strings.Join(after, " ") != strings.Join(before, " ") {
		t.Errorf("got rows %v, want %v", after, before)
	}
}

func TestRun_WrongUseIsSaidInOneSentence(t *testing.T) {
	for _, tc := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"-version"}, exitStopped, "pult development"},
		{[]string{"dance"}, exitUsage, "wrong use"},
		{[]string{"-nonsense"}, exitUsage, "flag provided but not defined"},
		{[]string{"-config", "/nowhere/pult.ini"}, exitFailed, "pult.ini"},
		{[]string{"-listen", "nowhere"}, exitFailed, "-listen"},
		{[]string{"restore", "/nowhere/file"}, exitFailed, "nowhere"},
	} {
		var out bytes.Buffer
		args := append([]string{"-data", t.TempDir()}, tc.args...)
		if code := run(t.Context(), args, nil, &out, &out); code != tc.code || !strings.Contains(out.String(), tc.says) {
			t.Errorf("pult %v: got %d %q, want %d %q", tc.args, code, out.String(), tc.code, tc.says)
		}
	}
}

func TestHosts_LoopbackNamesAndConfiguredOnes(t *testing.T) {
	l, err := listenNear("127.0.0.1:0", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	got := strings.Join(hostsFor(l.Addr(), []string{"desk.example"}), " ")
	port := l.Addr().String()[len("127.0.0.1"):]
	for _, want := range []string{"localhost" + port, "127.0.0.1" + port, "[::1]" + port, "desk.example", "desk.example" + port} {
		if !strings.Contains(" "+got+" ", " "+want+" ") {
			t.Errorf("%s is missing in %s", want, got)
		}
	}
}

func TestListen_TakenPortGivesWayToTheNext(t *testing.T) {
	taken, err := listenNear("127.0.0.1:0", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	next, err := listenNear(taken.Addr().String(), logger(LogConfig{}, io.Discard))
	if err != nil {
		t.Fatal(err)
	}
	defer next.Close()
	if next.Addr().String() == taken.Addr().String() {
		t.Error("both listen on the same port")
	}
}
