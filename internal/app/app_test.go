package app

import (
	"bytes"
	"context"
	"io"
	"strings"
	"testing"

	"pult/internal/config"
)

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
		if code := Run(t.Context(), Invocation{
			Version: "development",
			Args:    args,
			Stdout:  &out,
			Stderr:  &out,
		}); code != tc.code || !strings.Contains(out.String(), tc.says) {
			t.Errorf("pult %v: got %d %q, want %d %q", tc.args, code, out.String(), tc.code, tc.says)
		}
	}
}

// A stop may come at any moment of the start; wherever it comes, it is no failure.
func TestRun_StoppedBeforeItIsReady(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	stop()
	var out bytes.Buffer
	args := []string{"-demo", "-no-browser", "-listen", "127.0.0.1:0", "-public", "127.0.0.1:0", "-data", t.TempDir()}
	if code := Run(ctx, Invocation{Args: args, Stdout: &out, Stderr: &out}); code != exitStopped {
		t.Errorf("got exit code %d, want a clean stop:\n%s", code, out.String())
	}
}

func TestHosts_LoopbackNamesAndConfiguredOnes(t *testing.T) {
	l, err := listenNear("127.0.0.1:0", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	got := strings.Join(listHosts(l, []string{"desk.example"}), " ")
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
	next, err := listenNear(taken.Addr().String(), newLogger(config.Log{}, io.Discard))
	if err != nil {
		t.Fatal(err)
	}
	defer next.Close()
	if next.Addr().String() == taken.Addr().String() {
		t.Error("both listen on the same port")
	}
}
