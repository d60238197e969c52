package journey_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	chromelog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	chromepage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// requireBrowser makes a missing browser a failure: set where journeys must not be skipped.
const requireBrowser = "PULT_REQUIRE_BROWSER"

// patience is how long a page may take to show what a journey waits for. It is long for slow machines; nothing waits
// that long when all is well.
const patience = 20 * time.Second

// chromium is the one browser of a test run. Every reader gets cookies and storage of their own.
var chromium struct {
	once  sync.Once
	ctx   context.Context
	close context.CancelFunc
	agent string
	err   error
}

// browserPath finds a Chromium, or gives "".
func browserPath() string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// startBrowser starts the browser when the first journey wants it, and skips the test where there is none.
func startBrowser(t *testing.T) {
	t.Helper()
	path := browserPath()
	if path == "" && os.Getenv(requireBrowser) != "" {
		t.Fatalf("no Chromium on the path, and %s forbids to go without", requireBrowser)
	}
	if path == "" {
		t.Skip("no Chromium on the path: the journeys of a reader are not tested")
	}
	chromium.once.Do(func() { chromium.err = launchBrowser(path) })
	if chromium.err != nil {
		t.Fatalf("start %s: %v", path, chromium.err)
	}
}

func launchBrowser(path string) error {
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.WindowSize(1366, 900))
	// in a folder of its own, removed at the end
	outer, stop := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, cancel := chromedp.NewContext(outer)
	chromium.ctx, chromium.close = ctx, func() { _ = chromedp.Cancel(ctx); cancel(); stop() }
	agent, err := chromedp.Run(ctx, chromedp.Evaluate[string]("navigator.userAgent"))
	chromium.agent = agent
	return err
}

// closeBrowser ends the browser of the test run, if there is one.
func closeBrowser() {
	if chromium.close != nil {
		chromium.close()
	}
}

// page is a tab. What goes wrong in it, seen or unseen, fails its test.
type page struct {
	t    *testing.T
	ctx  context.Context
	desk string // address of the desk

	mu       sync.Mutex
	faults   []string // guarded by mu
	forgiven []string // parts of faults that the journey provokes; guarded by mu
}

// newReader opens a tab in a browser of its own, as another person on another machine has it.
func newReader(t *testing.T, desk string) *page {
	t.Helper()
	startBrowser(t)
	return newPage(t, desk, chromium.ctx, chromedp.WithNewBrowserContext())
}

// tab opens another tab in the same browser.
func (p *page) tab() *page {
	p.t.Helper()
	return newPage(p.t, p.desk, p.ctx)
}

func newPage(t *testing.T, desk string, parent context.Context, options ...chromedp.ContextOption) *page {
	t.Helper()
	p := &page{t: t, desk: desk}
	ctx, cancel := chromedp.NewContext(parent, append(options, chromedp.WithListener(p.listen))...)
	p.ctx = ctx
	t.Cleanup(func() {
		p.tell()
		cancel()
	})
	p.do(chromedp.Steps())
	p.call("install", func() error {
		_, err := chromedp.Call(
			ctx,
			chromepage.AddScriptToEvaluateOnNewDocument,
			chromepage.AddScriptToEvaluateOnNewDocumentParams{Source: watchPolicy},
		)
		return err
	})
	p.call("network", func() error {
		_, err := chromedp.Call(ctx, network.Enable, network.EnableParams{})
		return err
	})
	p.call("focus", func() error { // every reader sits in front of their own screen
		_, err := chromedp.Call(ctx, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
		return err
	})
	p.theme("light")
	return p
}

// watchPolicy makes a violation of the page's policy an error of the console, wherever it happens.
const watchPolicy = `addEventListener("securitypolicyviolation", (e) => console.error("policy violated: " + e.violatedDirective + " " + e.blockedURI + " " + e.sample + " " + e.sourceFile + ":" + e.lineNumber));`

// listen collects what no page of the desk should ever produce.
func (p *page) listen(event any) {
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		p.fault("exception: " + thrown(e.ExceptionDetails))
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeAssert {
			p.fault("console: " + words(e.Args))
		}
	case *chromelog.EventEntryAdded:
		// What the network refused is judged by its status, below.
		if e.Entry.Level == chromelog.EntryLevelError && !strings.Contains(e.Entry.Text, "the server responded with a status of") {
			p.fault("log: " + e.Entry.Text + " " + e.Entry.URL)
		}
	case *network.EventResponseReceived:
		if e.Response.Status >= 500 || e.Response.Status == 404 {
			p.fault(fmt.Sprintf("status %d: %s", e.Response.Status, e.Response.URL))
		}
	}
}

func thrown(d *runtime.ExceptionDetails) string {
	if d.Exception != nil && d.Exception.Description != "" {
		return d.Exception.Description
	}
	return fmt.Sprintf("%s at %s:%d", d.Text, d.URL, d.LineNumber)
}

func words(args []*runtime.RemoteObject) string {
	var out []string
	for _, a := range args {
		if a.Description != "" {
			out = append(out, a.Description)
		} else {
			out = append(out, string(a.Value))
		}
	}
	return strings.Join(out, " ")
}

func (p *page) fault(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.faults = append(p.faults, text)
}

// forgive allows faults that hold one of the parts: those that the journey provokes.
func (p *page) forgive(parts ...string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.forgiven = append(p.forgiven, parts...)
}

// tell reports the faults of the page.
func (p *page) tell() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, fault := range p.faults {
		if !containsAny(fault, p.forgiven) {
			p.t.Errorf("the page: %s", fault)
		}
	}
}

func containsAny(s string, parts []string) bool {
	for _, part := range parts {
		if strings.Contains(s, part) {
			return true
		}
	}
	return false
}

// call does something to the tab that has to work.
func (p *page) call(what string, fn func() error) {
	p.t.Helper()
	if err := fn(); err != nil {
		p.t.Fatalf("%s: %v", what, err)
	}
}

func (p *page) do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	p.call("browser", func() error { return chromedp.Do(p.ctx, steps...) })
}

// TestBrowser_WhatGoesWrongIsSeen proves that a journey notices each kind of fault.
func TestBrowser_WhatGoesWrongIsSeen(t *testing.T) {
	startBrowser(t)
	broken := http.NewServeMux()
	broken.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; connect-src 'self'")
		fmt.Fprint(w, `<!doctype html><title>broken</title><p onclick="never()">x</p><script src="/fault.js"></script>`)
	})
	broken.HandleFunc("/fault.js", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `console.error("told"); fetch("/failed"); fetch("/missing"); setTimeout(() => { throw new Error("thrown"); })`)
	})
	broken.HandleFunc("/failed", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) })
	broken.HandleFunc("/missing", http.NotFound)
	server := httptest.NewServer(broken)
	defer server.Close()
	p := newReader(t, server.URL)
	p.forgive("")
	p.do(chromedp.Navigate(server.URL))
	p.until(
		"the answers are there",
		`performance.getEntriesByType("resource").filter((e) => e.name.endsWith("/failed") || e.name.endsWith("/missing")).length === 2`,
	)
	for _, want := range []string{"console: \"told\"", "exception: Error: thrown", "policy violated", "status 500", "status 404"} {
		if !slices.ContainsFunc(p.found(), func(fault string) bool { return strings.Contains(fault, want) }) {
			t.Errorf("%q is not among %q", want, p.found())
		}
	}
}

// found lists the faults so far.
func (p *page) found() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.faults)
}
