package app

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
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
	l, err := net.Listen("tcp", "127.0.0.1:0")
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

// takePorts finds n ports in a row that are free and takes the first of them.
func takePorts(t *testing.T, n int) (taken net.Listener, first int) {
	t.Helper()
	for range 50 {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		first, free := portOf(l.Addr().String()), true
		for port := first + 1; port < first+n; port++ {
			next, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
			if free = err == nil; !free {
				break
			}
			_ = next.Close()
		}
		if free {
			t.Cleanup(func() { _ = l.Close() })
			return l, first
		}
		_ = l.Close()
	}
	t.Fatalf("there are no %d free ports in a row", n)
	return nil, 0
}

func addressesFrom(first, desk, public int) config.Config {
	var c config.Config
	c.Server.Listen = fmt.Sprintf("127.0.0.1:%d", first+desk)
	c.Public.Listen = fmt.Sprintf("127.0.0.1:%d", first+public)
	return c
}

func TestListen_DeskMovesButNeverToThePublicPort(t *testing.T) {
	_, first := takePorts(t, 3)
	at, err := openListeners(addressesFrom(first, 0, 1), false, newLogger(config.Log{}, io.Discard))
	if err != nil {
		t.Fatal(err)
	}
	defer at.close()
	if desk, public := portOf(at.desk.Addr().String()), portOf(at.public.Addr().String()); desk != first+2 || public != first+1 {
		t.Errorf("with port %d taken the desk is on %d and the public on %d, want %d and %d", first, desk, public, first+2, first+1)
	}
}

func TestListen_PublicAddressNeverMoves(t *testing.T) {
	_, first := takePorts(t, 3)
	at, err := openListeners(addressesFrom(first, 1, 0), false, newLogger(config.Log{}, io.Discard))
	if err == nil {
		at.close()
		t.Fatalf("the public address is taken, and the program listens on %s", at.public.Addr())
	}
	for _, want := range []string{fmt.Sprintf("127.0.0.1:%d", first), "-public"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q does not name %s", err, want)
		}
	}
	free, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", first+1))
	if err != nil {
		t.Fatalf("the desk's port is still held: %v", err)
	}
	_ = free.Close()
}

func TestListen_DemoMovesBesideADeskThatRuns(t *testing.T) {
	_, first := takePorts(t, 4)
	// public is taken, and the port after it is the desk's own
	at, err := openListeners(addressesFrom(first, 1, 0), true, newLogger(config.Log{}, io.Discard))
	if err != nil {
		t.Fatal(err)
	}
	defer at.close()
	if desk, public := portOf(at.desk.Addr().String()), portOf(at.public.Addr().String()); desk != first+1 || public != first+2 {
		t.Errorf("got the desk on %d and the public on %d, want %d and %d", desk, public, first+1, first+2)
	}
}
