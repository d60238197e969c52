package journey_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/websocket"
)

// requireFirefox asks for the journeys of many windows, silences and restarts, in two engines, and for every screen to be
// judged for its accessibility; a missing Firefox is a failure then. Without it they are skipped: with them the tests of this package take longer than Go gives a package.
const requireFirefox = "PULT_REQUIRE_FIREFOX"

// skipUnlessAll skips a journey that is for the slower lane.
func skipUnlessAll(t *testing.T) {
	t.Helper()
	if os.Getenv(requireFirefox) == "" {
		t.Skipf("for the slower lane: run it with %s=1", requireFirefox)
	}
}

// firefox is the one Firefox of a test run. Every engine of it is a container with cookies and storage of its own.
var firefox struct {
	once    sync.Once
	cmd     *exec.Cmd
	profile string
	wire    *bidi
	err     error
}

func firefoxPath() string {
	for _, name := range []string{"firefox-esr", "firefox"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// startFirefox starts it when the first journey wants it, and skips the test where nobody asked for it.
func startFirefox(t *testing.T) {
	t.Helper()
	if os.Getenv(requireFirefox) == "" {
		t.Skipf("the second engine is tested with %s=1", requireFirefox)
	}
	path := firefoxPath()
	if path == "" {
		t.Fatalf("no Firefox on the path, and %s forbids to go without", requireFirefox)
	}
	firefox.once.Do(func() { firefox.err = launchFirefox(path) })
	if firefox.err != nil {
		t.Fatalf("start %s: %v", path, firefox.err)
	}
}

// firefoxSettings keep it from calling home, and give it no more processes than a small machine has room for.
const firefoxSettings = `
user_pref("app.normandy.enabled", false);
user_pref("app.update.disabledForTesting", true);
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("browser.startup.page", 0);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("dom.ipc.processCount", 4);
user_pref("dom.ipc.processCount.webIsolated", 2);
user_pref("extensions.update.enabled", false);
user_pref("network.captive-portal-service.enabled", false);
user_pref("network.connectivity-service.enabled", false);
user_pref("network.proxy.type", 0);
user_pref("services.settings.server", "data:,");
user_pref("toolkit.telemetry.enabled", false);
`

func launchFirefox(path string) error {
	var err error
	if firefox.profile, err = os.MkdirTemp("", "pult-firefox-"); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(firefox.profile, "user.js"), []byte(firefoxSettings), 0o600); err != nil {
		return err
	}
	const origin = "http://127.0.0.1"
	firefox.cmd = exec.Command(
		path, "--headless", "--no-remote", "--remote-debugging-port", "0", "--remote-allow-origins", origin,
		"--width", "1200", "--height", "800", "--profile", firefox.profile,
	)
	out, err := firefox.cmd.StderrPipe()
	if err != nil {
		return err
	}
	if err := firefox.cmd.Start(); err != nil {
		return err
	}
	address, err := readAddress(out, "WebDriver BiDi listening on ", 60*time.Second)
	if err != nil {
		return err
	}
	conn, err := websocket.Dial(address+"/session", "", origin)
	if err != nil {
		return err
	}
	firefox.wire = newBidi(conn)
	return firefox.wire.call(context.Background(), "session.new", obj{"capabilities": obj{}}, nil)
}

// readAddress follows what a program prints until it names its address.
func readAddress(out io.Reader, before string, limit time.Duration) (string, error) {
	found := make(chan string, 1)
	go func() {
		for lines := bufio.NewScanner(out); lines.Scan(); { // to the end: it must not block on a full pipe
			if _, address, ok := strings.Cut(lines.Text(), before); ok {
				select {
				case found <- strings.TrimSpace(address):
				default:
				}
			}
		}
	}()
	select {
	case address := <-found:
		return address, nil
	case <-time.After(limit):
		return "", errors.New("it did not say where it listens")
	}
}

// closeFirefox ends the Firefox of the test run, if there is one.
func closeFirefox() {
	if firefox.cmd == nil || firefox.cmd.Process == nil {
		return
	}
	ended := make(chan struct{})
	go func() { _ = firefox.cmd.Wait(); close(ended) }()
	if firefox.wire != nil {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		_ = firefox.wire.call(ctx, "browser.close", obj{}, nil)
		cancel()
	}
	select {
	case <-ended:
	case <-time.After(5 * time.Second):
		_ = firefox.cmd.Process.Kill()
		<-ended
	}
	_ = os.RemoveAll(firefox.profile)
}

type obj map[string]any

// bidi speaks WebDriver BiDi, the standard protocol by which browsers are driven, over a WebSocket.
type bidi struct {
	conn *websocket.Conn

	mu      sync.Mutex
	last    int                      // guarded by mu
	waiting map[int]chan<- bidiReply // who waits for the answer to which command; guarded by mu
	ended   error                    // guarded by mu
}

type bidiReply struct {
	ID      int             `json:"id"`
	Type    string          `json:"type"`
	Error   string          `json:"error"`
	Message string          `json:"message"`
	Result  json.RawMessage `json:"result"`
}

func newBidi(conn *websocket.Conn) *bidi {
	b := &bidi{conn: conn, waiting: map[int]chan<- bidiReply{}}
	go b.read()
	return b
}

func (b *bidi) read() {
	for {
		var r bidiReply
		err := websocket.JSON.Receive(b.conn, &r)
		b.mu.Lock()
		if err != nil {
			b.ended = err
			for id, answer := range b.waiting {
				close(answer)
				delete(b.waiting, id)
			}
			b.mu.Unlock()
			return
		}
		if answer, ok := b.waiting[r.ID]; ok && r.Type != "event" {
			answer <- r
			delete(b.waiting, r.ID)
		}
		b.mu.Unlock()
	}
}

// call gives a command and reads its answer into result, which may be nil.
func (b *bidi) call(ctx context.Context, method string, params, result any) error {
	answer := make(chan bidiReply, 1)
	b.mu.Lock()
	if b.ended != nil {
		defer b.mu.Unlock()
		return b.ended
	}
	b.last++
	id := b.last
	b.waiting[id] = answer
	err := websocket.JSON.Send(b.conn, obj{"id": id, "method": method, "params": params})
	b.mu.Unlock()
	if err != nil {
		return err
	}
	select {
	case r, ok := <-answer:
		switch {
		case !ok:
			return fmt.Errorf("%s: the browser has gone", method)
		case r.Type == "error":
			return fmt.Errorf("%s: %s: %s", method, r.Error, r.Message)
		case result != nil:
			return json.Unmarshal(r.Result, result)
		}
		return nil
	case <-ctx.Done():
		b.mu.Lock()
		delete(b.waiting, id)
		b.mu.Unlock()
		return fmt.Errorf("%s: %w", method, ctx.Err())
	}
}

// within is call with a limit of time.
func (b *bidi) within(limit time.Duration, method string, params, result any) error {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	return b.call(ctx, method, params, result)
}

// firefoxEngine is a container of the one Firefox.
type firefoxEngine struct {
	t         *testing.T
	wire      *bidi
	container string
	opened    int
	newest    string // the tab that was opened last in a window
}

func openFirefox(t *testing.T) engine {
	t.Helper()
	startFirefox(t)
	e := &firefoxEngine{t: t, wire: firefox.wire}
	var made struct{ UserContext string }
	if err := e.wire.within(lookWithin, "browser.createUserContext", obj{}, &made); err != nil {
		t.Fatal(err)
	}
	e.container = made.UserContext
	return e
}

// close takes the container away, and with it all of its tabs.
func (e *firefoxEngine) close() {
	if err := e.wire.within(30*time.Second, "browser.removeUserContext", obj{"userContext": e.container}, nil); err != nil {
		e.t.Errorf("close the browser: %v", err)
	}
}

func (e *firefoxEngine) preload(script string) {
	err := e.wire.within(lookWithin, "script.addPreloadScript", obj{
		"functionDeclaration": "() => { " + script + " }", "userContexts": []string{e.container},
	}, nil)
	if err != nil {
		e.t.Fatal(err)
	}
}

func (e *firefoxEngine) window() (tab, error) { return e.open("window", obj{"type": "window"}) }

func (e *firefoxEngine) behind() (tab, error) {
	where := obj{"type": "tab", "background": true}
	if e.newest != "" {
		where["referenceContext"] = e.newest
	}
	return e.open("tab behind", where)
}

func (e *firefoxEngine) open(kind string, where obj) (tab, error) {
	where["userContext"] = e.container
	var made struct{ Context string }
	if err := e.wire.within(lookWithin, "browsingContext.create", where, &made); err != nil {
		return nil, fmt.Errorf("open a %s: %w", kind, err)
	}
	e.opened++
	if where["type"] == "window" {
		e.newest = made.Context
	}
	return &firefoxTab{e.wire, made.Context, fmt.Sprintf("%s %d of Firefox", kind, e.opened)}, nil
}

// firefoxTab is a tab of Firefox.
type firefoxTab struct {
	wire *bidi
	id   string
	name string
}

func (w *firefoxTab) String() string { return w.name }

func (w *firefoxTab) open(address string) error {
	return w.wire.within(loadWithin, "browsingContext.navigate", obj{"context": w.id, "url": address, "wait": "none"}, nil)
}

func (w *firefoxTab) look(expression string) (json.RawMessage, error) {
	var got struct {
		Type   string
		Result struct {
			Type  string
			Value json.RawMessage
		}
		ExceptionDetails struct{ Text string }
	}
	err := w.wire.within(lookWithin, "script.evaluate", obj{
		"expression":   "(async () => JSON.stringify((await (" + expression + ")) ?? null))()",
		"target":       obj{"context": w.id},
		"awaitPromise": true,
	}, &got)
	if err != nil {
		return nil, err
	}
	if got.Type == "exception" {
		return nil, errors.New(got.ExceptionDetails.Text)
	}
	var text string
	if err := json.Unmarshal(got.Result.Value, &text); err != nil {
		return nil, err
	}
	return json.RawMessage(text), nil
}

func (w *firefoxTab) front() error {
	return w.wire.within(lookWithin, "browsingContext.activate", obj{"context": w.id}, nil)
}
